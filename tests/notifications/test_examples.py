"""Every letter has an example to look at, and the printed page is what the code says."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command
from django.test import RequestFactory

from ispath.acknowledge.examples import one_letter
from notifications.letters import LETTERS
from notifications.letters.examples import examples


def test_there_is_an_example_of_every_letter() -> None:
    assert [name for name, _ in examples()] == list(LETTERS)


def test_the_printed_page_of_letters_is_what_the_code_says() -> None:
    call_command("show_letters", "--write", "--check", stdout=io.StringIO())


@pytest.mark.parametrize("name", LETTERS)
def test_an_example_is_shown_as_html(name: str) -> None:
    page = one_letter(RequestFactory().get("/"), name).content.decode()

    assert page.startswith("<!doctype html>")
    assert "Reference" in page

"""Two people at the same moment: one edits while another signs, two sign together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from protocols import models
from protocols.refusal import Refusal
from protocols.signing import check_edition, sign_edition
from tests.factories.protocols import NOW, lead, load_library, neurologist, protocol_edition

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def edition() -> models.ProtocolEdition:
    load_library()
    return protocol_edition()


@pytest.fixture
def together() -> Iterator[Callable[..., Any]]:
    """Run a function in a thread with a database connection of its own."""
    with ThreadPoolExecutor(max_workers=4) as pool:

        def run(act: Callable[[], Any]) -> Any:
            def and_close() -> Any:
                try:
                    return act()
                finally:
                    connection.close()

            return pool.submit(and_close)

        yield run


def outcome(act: Callable[[], Any]) -> str:
    try:
        act()
    except (Refusal, IntegrityError) as refused:
        return type(refused).__name__
    return "done"


def test_two_people_who_sign_at_the_same_moment_give_one_signature_each(
    edition: models.ProtocolEdition, together: Callable[..., Any]
) -> None:
    one, other = lead(), neurologist()

    signatures = [
        together(lambda: outcome(lambda: sign_edition(edition, role="pathway lead", by=one, now=NOW))),
        together(lambda: outcome(lambda: sign_edition(edition, role="neurologist", by=other, now=NOW))),
    ]

    assert [signature.result() for signature in signatures] == ["done", "done"]
    edition.refresh_from_db()
    assert edition.state == "signed"
    assert {edition.first_signed_by, edition.second_signed_by} == {one, other}


def test_one_person_who_clicks_twice_gives_one_signature(
    edition: models.ProtocolEdition, together: Callable[..., Any]
) -> None:
    one = lead()

    clicks = [
        together(lambda: outcome(lambda: sign_edition(edition, role="pathway lead", by=one, now=NOW)))
        for _ in range(3)
    ]

    assert sorted(click.result() for click in clicks) == ["SamePersonSigns", "SamePersonSigns", "done"]


def test_an_edit_that_began_before_the_check_is_in_what_is_checked(
    edition: models.ProtocolEdition, together: Callable[..., Any]
) -> None:
    from protocols.drafting import clone_edition

    draft = clone_edition(edition, reason="Ours.", by=lead(), now=NOW)
    edited, by = Event(), lead()
    note = models.ProtocolNote.objects.filter(edition=draft).order_by("position")[0]

    def edit() -> None:
        with transaction.atomic():
            models.ProtocolNote.objects.filter(pk=note.pk).update(text="Edited in time.")
            edited.set()
            checking.wait(0.3)  # the check asks for the edition now, and waits for this transaction

    checking = Event()
    editing = together(edit)
    edited.wait(5)
    check = together(lambda: check_edition(draft, by=by, now=NOW))
    editing.result()
    check.result()

    late = outcome(lambda: models.ProtocolNote.objects.filter(pk=note.pk).update(text="Too late."))

    assert late == "IntegrityError"
    note.refresh_from_db()
    assert note.text == "Edited in time."
    assert sign_edition(draft, role="pathway lead", by=by, now=NOW).first_signed_at == NOW

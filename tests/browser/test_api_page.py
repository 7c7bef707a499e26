"""The page that shows the REST interface, in a real browser, under our own policy for scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.tour import WIDTHS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_schema_is_shown_with_its_examples(browser: Browser, live_server: LiveServer, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})

    page.goto(f"{live_server}/api/v1/docs")
    operation = page.locator("#operations-observations-observations_create")
    operation.locator(".opblock-summary-control").click()

    expect(operation.locator(".opblock-section-request-body")).to_contain_text("FLOW-55120")
    page.close()

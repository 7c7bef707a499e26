"""Every page of the tour, at both widths: nothing keeps anybody out, and nothing scrolls sideways."""

from __future__ import annotations

import datetime as dt

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from playwright.sync_api import Browser, Page

from clinic.seeding.states import STATES
from notifications.letterhead import read_letterhead
from notifications.policy.digest import UNDO_TIME
from notifications.rounds import relay_round, send_round
from tests.browser.tour import USERS, WIDTHS, log_in, stops
from tests.conftest import MailCatcher
from tests.factories import protocols as library

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEEPS_OUT = {"serious", "critical"}


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def later() -> dt.datetime:
    """When routine letters have waited the ten minutes in which they can be undone."""
    return now() + UNDO_TIME


@pytest.fixture
def demo(transactional_db: None, mail_catcher: MailCatcher) -> None:
    """The synthetic clinic of `make run`, after its workers have sent what was due."""
    library.load_library()
    call_command("seed_clinic", children=len(STATES), verbosity=0)
    relay_round(clock=now)
    send_round(clock=later, house=read_letterhead())


def faults(page: Page, address: str, width: int) -> list[str]:
    """What keeps somebody out: the page is not answered, axe finds something, or it scrolls sideways."""
    page.set_viewport_size({"width": width, "height": 900})
    answer = page.goto(address)
    found = [one["id"] for one in Axe().run(page).response["violations"] if one["impact"] in KEEPS_OUT]
    wide = page.evaluate("document.documentElement.scrollWidth")
    status = answer.status if answer is not None else 200
    return [
        *found,
        *([f"{wide} px wide"] if wide > width else []),
        *([f"answered {status}"] if status >= 400 else []),
    ]


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("user", USERS)
def test_every_page_of_the_tour_keeps_nobody_out(browser: Browser, live_server: object, user: str) -> None:
    page = browser.new_context().new_page()
    page.set_default_timeout(60_000)
    log_in(page, str(live_server), user)

    wrong = {
        (name, width): problems
        for name, address in list(stops(page, str(live_server), user))
        for width in WIDTHS
        if (problems := faults(page, address, width))
    }
    page.context.close()

    assert wrong == {}

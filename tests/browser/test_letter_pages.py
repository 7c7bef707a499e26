"""A letter in the mail catcher, its link in a real browser, and what the practice can do there."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from clinic.actors import actor_for_contact
from clinic.models import BloodPressure, Check, Enrolment, Escalation, WorkItem
from clinic.review import review_enrolment
from notifications import tasks
from notifications.models import Delivery, Ladder, LinkCode, LinkUse
from notifications.relay import relay
from tests.browser.tour import WIDTHS
from tests.conftest import MailCatcher
from tests.factories import clinic as make
from tests.factories import ward as wards
from tests.factories.notifications import DeliveryFactory
from tests.factories.ward import Ward

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.environment.mail_catcher_urls"),
]
SOLUTION = {"prednisolone": "prednisolone-10mg-ml"}
DOCTOR = "doctor@demo.example"
Window = Callable[..., Page]


@pytest.fixture(autouse=True)
def _house(settings: Settings, live_server: LiveServer, mail_catcher: MailCatcher) -> None:
    cache.clear()
    settings.BASE_URL, settings.DEBUG = live_server.url, True


@pytest.fixture
def window(browser: Browser, live_server: LiveServer) -> Iterator[Window]:
    """A browser of a practice: nobody is logged in."""
    opened = []

    def at(*, width: int = 390) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 844}, base_url=live_server.url)
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        return page

    yield at
    for context in opened:
        context.close()


@pytest.fixture
def child(ward: Ward, today: dt.date) -> Enrolment:
    """A child some days into a hormone, with a blood pressure check at a practice."""
    start = today - dt.timedelta(days=5)
    enrolled = ward.child(now=wards.at(start), birth_date=start - dt.timedelta(days=200))
    ward.start(enrolled, on=start, products=SOLUTION)
    review_enrolment(enrolment=enrolled, by=ward.nurse, now=dt.datetime.now(dt.UTC))
    return enrolled


@pytest.fixture
def delivery(child: Enrolment) -> Delivery:
    """The letter about that check, as it lies in the practice's mailbox."""
    contact = make.ContactFactory.create(clinic=child.clinic, name="Dr Practice", email=DOCTOR)
    make.CareTeamMemberFactory.create(
        patient=child.patient, clinic=child.clinic, contact=contact, role="pediatrician"
    )
    relay(now=dt.datetime.now(dt.UTC))
    Delivery.objects.all().delete()
    check = Check.objects.filter(enrolment=child, code="BP", state__in=Check.OPEN_STATES).earliest("due_on")
    made: Delivery = DeliveryFactory.create(
        clinic=child.clinic,
        enrolment=child,
        reader=actor_for_contact(contact),
        letter="check_due",
        cause_kind="check",
        cause_uid=check.uid,
        pace="emergency",  # so that the story can be told at night, too
        created_at=dt.datetime.now(dt.UTC),
        send_at=dt.datetime.now(dt.UTC),
        data={
            "observes": "blood-pressure",
            "due_on": check.due_on.isoformat(),
            "opens_on": check.opens_on.isoformat(),
        },
    )
    tasks.send_due()
    return made


def open_newest(page: Page) -> None:
    """Open the newest letter in the mail catcher."""
    page.goto("/mail-catcher/")
    page.locator("main a[href^='/mail-catcher/'], td a, li a").first.click()


def follow_link(page: Page) -> None:
    """Follow the link of the newest letter, as its plain text shows it."""
    open_newest(page)
    link = page.locator("pre.text a[href*='/letters/']").first.get_attribute("href")
    assert link is not None
    page.goto(link)


def serious(page: Page) -> list[str]:
    """What axe finds that keeps somebody out."""
    found = Axe().run(page).response["violations"]
    return [one["id"] for one in found if one["impact"] in {"serious", "critical"}]


def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize("width", WIDTHS)
def test_the_link_shows_what_is_asked_and_changes_nothing(
    delivery: Delivery, window: Window, width: int
) -> None:
    page = window(width=width)

    for _ in range(3):
        follow_link(page)

    expect(
        page.get_by_role("heading", name="A blood pressure check for a child in your care")
    ).to_be_visible()
    expect(page.get_by_text("This page shows no patient details")).to_be_visible()
    assert "Aurora" not in page.content()
    assert not LinkUse.objects.exists()
    assert serious(page) == []
    assert fits(page)


def test_booked_for_a_date_parks_the_reminders(delivery: Delivery, window: Window, today: dt.date) -> None:
    page = window()
    follow_link(page)
    booked = today + dt.timedelta(days=3)

    page.get_by_label("It is booked").check()
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("Please give the date it is booked for")).to_be_visible()
    assert serious(page) == []
    page.get_by_label("Booked for").fill(booked.isoformat())
    page.get_by_role("button", name="Send the answer").click()

    expect(page.get_by_text("Thank you. The clinic has your answer.")).to_be_visible()
    assert LinkUse.objects.get().booked_for == booked
    ladder = Ladder.objects.get(cause_uid=delivery.cause_uid)
    assert ladder.parked_until is not None
    assert ladder.parked_until.date() > booked
    follow_link(page)
    expect(page.get_by_text("This link has been answered")).to_be_visible()
    assert page.get_by_role("button", name="Send the answer").count() == 0


def test_done_and_the_result_follows(delivery: Delivery, window: Window) -> None:
    page = window()
    follow_link(page)

    page.get_by_label("It is done, the result follows").check()
    page.get_by_role("button", name="Send the answer").click()

    expect(page.get_by_text("Thank you. The clinic has your answer.")).to_be_visible()
    assert Ladder.objects.get(cause_uid=delivery.cause_uid).parked_until is not None
    assert Check.objects.get(uid=delivery.cause_uid).state in Check.OPEN_STATES  # said is not done


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("It cannot be done here", WorkItem.Kind.ASK_AGAIN),
        ("This is not my patient", WorkItem.Kind.NOT_MY_PATIENT),
    ],
)
def test_a_no_goes_to_a_person_at_once(delivery: Delivery, window: Window, label: str, kind: str) -> None:
    page = window()
    follow_link(page)

    page.get_by_label(label).check()
    page.get_by_label("Why it cannot be done").fill("no cuff of this size")
    page.get_by_role("button", name="Send the answer").click()

    expect(page.get_by_text("Thank you. The clinic has your answer.")).to_be_visible()
    assert WorkItem.objects.filter(kind=kind).count() == 1


def type_code(page: Page) -> None:
    """Ask for the one-time code, read it in the mail catcher, and type it."""
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_text("We have sent six digits")).to_be_visible()
    assert serious(page) == []
    here = page.url
    tasks.send_due()
    open_newest(page)
    digits = re.search(r"\b\d{6}\b", page.locator("pre.text").inner_text())
    assert digits is not None
    page.goto(here)
    page.get_by_label("One-time code").fill(digits[0])
    page.get_by_role("button", name="Go on").click()


def test_a_blood_pressure_is_entered_after_the_code_from_the_same_mailbox(
    delivery: Delivery, child: Enrolment, window: Window, today: dt.date
) -> None:
    page = window()
    follow_link(page)

    type_code(page)

    expect(page.get_by_role("heading", name="Blood pressure of Aurora")).to_be_visible()
    assert "Testinfant" not in page.content()
    assert serious(page) == []
    assert fits(page)
    page.get_by_label("Measured on").fill(today.isoformat())
    page.get_by_label("Upper value").fill("92")
    page.get_by_label("Lower value").fill("54")
    page.get_by_label("The child was").select_option(index=1)
    page.get_by_role("button", name="Record the reading").click()
    expect(page.get_by_text("The reading is recorded. Thank you.")).to_be_visible()
    row = BloodPressure.objects.get()
    assert (row.systolic, row.via, row.recorded_by) == (92, "link", delivery.reader)
    assert Check.objects.get(uid=delivery.cause_uid).state == "done"


def test_a_high_reading_first_says_what_to_do(delivery: Delivery, window: Window, today: dt.date) -> None:
    page = window()
    follow_link(page)
    type_code(page)

    page.get_by_label("Measured on").fill(today.isoformat())
    page.get_by_label("Upper value").fill("128")
    page.get_by_label("Lower value").fill("84")
    page.get_by_label("The child was").select_option(index=1)
    page.get_by_role("button", name="Record the reading").click()

    expect(page.get_by_role("heading", name=re.compile("This reading needs action"))).to_be_visible()
    assert Escalation.objects.filter(enrolment=delivery.enrolment).exists()
    assert serious(page) == []
    assert fits(page)


def test_a_wrong_code_opens_nothing(delivery: Delivery, window: Window) -> None:
    page = window()
    follow_link(page)
    page.get_by_role("button", name="Send me a code").click()

    for _ in range(6):
        page.get_by_label("One-time code").fill("000000")
        page.get_by_role("button", name="Go on").click()

    expect(page.get_by_text("This code does not work any more")).to_be_visible()
    assert LinkCode.objects.get().used_at is None
    assert "Aurora" not in page.content()


def test_an_old_link_and_a_forged_one_say_whom_to_call_and_nothing_else(
    delivery: Delivery, window: Window
) -> None:
    page = window()
    follow_link(page)
    link = page.url

    page.goto(link.replace(link[-6:-2], "AAAA"))
    expect(page.get_by_text("This link is not valid")).to_be_visible()
    assert serious(page) == []
    long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(days=40)
    Delivery.objects.filter(pk=delivery.pk).update(created_at=long_ago, send_at=long_ago)
    page.goto(link)

    expect(page.get_by_text("This link is too old")).to_be_visible()
    assert "blood pressure" not in page.content().lower()


def test_another_way_is_asked_for_and_nothing_is_switched_off(delivery: Delivery, window: Window) -> None:
    page = window()
    open_newest(page)
    link = page.locator("pre.text a[href*='/stop/']").first.get_attribute("href")
    page.goto(str(link))
    assert not WorkItem.objects.filter(kind=WorkItem.Kind.OPT_OUT).exists()
    assert serious(page) == []

    page.get_by_role("button", name="Ask the clinic to call me").click()

    expect(page.get_by_text("The clinic will call you")).to_be_visible()
    assert WorkItem.objects.filter(kind=WorkItem.Kind.OPT_OUT).count() == 1
    reader = delivery.reader.contact
    assert reader is not None
    reader.refresh_from_db()
    assert reader.address_state == "ok"


def test_one_visitor_who_knocks_too_often_is_asked_to_wait(delivery: Delivery, window: Window) -> None:
    page = window()
    follow_link(page)
    page.get_by_role("button", name="Send me a code").click()

    for _ in range(61):
        page.request.post(page.url.replace("/code/", "/stop/"))
    page.get_by_label("One-time code").fill("000000")
    page.get_by_role("button", name="Go on").click()

    expect(page.get_by_text("Too many visits from your address")).to_be_visible()

"""What a nurse does in a morning, in a real browser."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from clinic.enrolment import withdraw
from clinic.entries import Entry
from clinic.models import BloodPressure, Course, CoverShift, Enrolment, Escalation, Referral
from clinic.recording import record_blood_pressure, record_finding
from clinic.review import review_enrolment
from tests.browser.conftest import Desk
from tests.factories import ward as wards
from tests.factories.ward import Ward

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SOLUTION = {"prednisolone": "prednisolone-10mg-ml"}


def on_treatment(ward: Ward, today: dt.date, days: int, **values: object) -> Enrolment:
    """A child so many days into prednisolone, reviewed now."""
    start = today - dt.timedelta(days=days)
    born = start - dt.timedelta(days=200)
    child = ward.child(now=wards.at(start), birth_date=born, **values)
    ward.start(child, on=start, products=SOLUTION)
    review_enrolment(enrolment=child, by=ward.nurse, now=dt.datetime.now(dt.UTC))
    return child


def serious(page: Page) -> list[str]:
    """What axe finds that keeps somebody out."""
    found = Axe().run(page).response["violations"]
    return [one["id"] for one in found if one["impact"] in {"serious", "critical"}]


def test_the_morning_worklist(ward: Ward, desk: Desk, today: dt.date, covered: CoverShift) -> None:
    on_treatment(ward, today, 20)

    page = desk(ward.nurse)

    expect(page.get_by_role("heading", name="Today", exact=True)).to_be_visible()
    overdue = page.locator("section.band.overdue", has=page.locator("#band-overdue"))
    expect(overdue.get_by_role("link", name="Testinfant, Aurora").first).to_be_visible()
    page.get_by_label("What").select_option(label="Blood pressure")
    expect(page).to_have_url(re.compile("kind=BP"))
    assert serious(page) == []


def test_start_a_course_and_let_a_second_person_check_it(ward: Ward, desk: Desk, today: dt.date) -> None:
    child = ward.child(now=wards.at(today - dt.timedelta(days=1)), birth_date=today - dt.timedelta(days=200))
    page = desk(ward.nurse)

    page.goto(f"/admin/children/{child.patient.uid}/courses/start/prednisolone-ukiss/")
    page.get_by_label("Weight").fill("7.2")
    page.get_by_label("prednisolone 10 mg/mL").check()
    preview = page.locator("#plan-preview")
    expect(preview.get_by_text("not decided").first).to_be_visible()
    expect(preview.get_by_text("EEG two weeks after the start").first).to_be_visible()
    assert not Course.objects.exists()
    assert serious(page) == []
    page.get_by_role("button", name="Plan this course").click()
    expect(page.get_by_text("A second person checks the calendar now")).to_be_visible()

    second = desk(ward.colleague)
    second.goto(f"/admin/children/{child.patient.uid}/")
    second.get_by_role("link", name="Check the calendar as second person").click()
    second.get_by_label("I compared weight, product, strength, dose and dates").check()
    second.get_by_role("button", name="Checked: start the course").click()

    expect(second.get_by_text("The calendar is checked")).to_be_visible()
    assert Course.objects.get().status == Course.Status.ACTIVE


def test_record_the_deciding_eeg_and_follow_it_to_the_referral(
    ward: Ward, desk: Desk, today: dt.date
) -> None:
    child = on_treatment(ward, today, 15)
    now = dt.datetime.now(dt.UTC)
    record_finding(
        enrolment=child,
        entry=Entry(happened_on=today - dt.timedelta(days=10)),
        lesion="present",
        by=ward.nurse,
        now=now,
    )
    page = desk(ward.nurse)

    page.goto(f"/admin/children/{child.patient.uid}/record/eeg/")
    page.get_by_label("Length, minutes").fill("180")
    page.locator("[name=sleep][value=yes]").check()
    page.locator("[name=hypsarrhythmia][value=yes]").check()
    expect(page.locator("#meaning").get_by_text("Saving raises").first).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_text("Non-responder").first).to_be_visible()
    referral = Referral.objects.get()
    page.get_by_role("link", name="Open the referral").click()
    expect(page.get_by_role("heading", name="The packet")).to_be_visible()
    expect(page.get_by_text("are missing").first).to_be_visible()
    assert referral.state == Referral.State.ASKED
    assert serious(page) == []


def test_correct_a_wrong_blood_pressure(ward: Ward, desk: Desk, today: dt.date) -> None:
    child = on_treatment(ward, today, 5)
    now = dt.datetime.now(dt.UTC)
    wrong = record_blood_pressure(
        enrolment=child, entry=Entry(happened_at=now), systolic=119, by=ward.nurse, now=now
    )
    page = desk(ward.nurse)

    page.goto(f"/admin/children/{child.patient.uid}/")
    row = page.locator(f"#fact-{wrong.uid}")
    row.get_by_role("link", name="Correct").click()
    page.get_by_label("Systolic, mmHg").fill("91")
    page.get_by_label("Why it was wrong").fill("digits exchanged")
    page.get_by_role("button", name="Save the correction").click()

    expect(page.locator("tr.struck").get_by_text("119 mmHg")).to_be_visible()
    assert BloodPressure.objects.get(corrects=wrong).systolic == 91


def test_acknowledge_an_escalation(ward: Ward, desk: Desk, today: dt.date) -> None:
    child = on_treatment(ward, today, 5)
    now = dt.datetime.now(dt.UTC)
    record_blood_pressure(enrolment=child, entry=Entry(happened_at=now), systolic=113, by=ward.nurse, now=now)
    row = Escalation.objects.open().get(enrolment=child)
    page = desk(ward.nurse)

    page.goto(f"/admin/escalations/{row.uid}/")
    page.get_by_label("What is under way").fill("recheck is booked")
    page.get_by_role("button", name="Acknowledge").click()

    expect(page.get_by_text("It stays open until it is done")).to_be_visible()
    row.refresh_from_db()
    assert row.state == Escalation.State.ACKNOWLEDGED
    assert serious(page) == []


def test_a_morning_with_the_keyboard_only(ward: Ward, desk: Desk, today: dt.date) -> None:
    on_treatment(ward, today, 20)
    page = desk(ward.nurse)

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("/")
    page.keyboard.type("tes")
    expect(page.locator("#phone-answers").get_by_role("link", name="Testinfant, Aurora")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("#phone-q").blur()
    page.keyboard.press("j")
    expect(page.locator("[data-row] :focus")).to_have_count(1)
    page.keyboard.press("r")
    page.wait_for_url(lambda url: "/record/" in url or "/escalations/" in url)


def test_a_reading_by_the_bedside_on_a_phone(ward: Ward, desk: Desk, today: dt.date) -> None:
    child = on_treatment(ward, today, 5)
    page = desk(ward.nurse, width=390)

    for address in ("/admin/", f"/admin/children/{child.patient.uid}/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
        assert serious(page) == []
    page.goto(f"/admin/children/{child.patient.uid}/record/blood-pressure/")
    page.get_by_label("Systolic, mmHg").fill("93")
    page.get_by_role("button", name="Save", exact=True).click()

    page.wait_for_url(lambda url: url.endswith(f"#fact-{BloodPressure.objects.get().uid}"))


def test_what_was_typed_survives_the_end_of_the_session(ward: Ward, desk: Desk, today: dt.date) -> None:
    child = on_treatment(ward, today, 5)
    page = desk(ward.nurse)
    page.goto(f"/admin/children/{child.patient.uid}/record/blood-pressure/")
    page.get_by_label("Systolic, mmHg").fill("97")
    page.context.clear_cookies(name="sessionid")

    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("What you typed is kept")).to_be_visible()
    page.fill("#id_username", str(ward.nurse.user))
    page.fill("#id_password", "a password for the browser")
    page.get_by_role("button", name="Log in").click()

    expect(page.get_by_label("Systolic, mmHg")).to_have_value("97")
    expect(page.get_by_text("Your session had ended")).to_be_visible()
    assert not BloodPressure.objects.exists()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(lambda url: "#fact-" in url)
    assert BloodPressure.objects.get().systolic == 97


def test_the_emergency_says_whom_to_phone(
    ward: Ward, desk: Desk, today: dt.date, covered: CoverShift
) -> None:
    child = on_treatment(ward, today, 5)
    page = desk(ward.nurse)
    page.goto(f"/admin/children/{child.patient.uid}/record/blood-pressure/")
    page.get_by_label("Systolic, mmHg").fill("150")
    page.get_by_label("With vomiting, lethargy").check()

    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_role("heading", name="Emergency: act before you go on")).to_be_visible()
    expect(page.get_by_role("link", name=covered.phone)).to_be_visible()
    assert not BloodPressure.objects.exists()
    page.get_by_role("button", name="I have read this: save").click()
    page.wait_for_url(lambda url: "#fact-" in url)


def test_a_number_tells_its_source_to_pointer_and_keyboard_and_escape_puts_it_away(
    ward: Ward, desk: Desk, today: dt.date
) -> None:
    child = on_treatment(ward, today, 5)
    page = desk(ward.nurse, width=390)
    page.goto(f"/admin/children/{child.patient.uid}/")
    dose = page.locator("dl.facts .src").first
    tip = dose.locator("[role=tooltip]")

    expect(tip).to_be_hidden()
    dose.focus()
    expect(tip).to_be_visible()
    expect(tip).to_contain_text("UKISS")
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    last = page.locator("#calendar table .src").last
    last.hover()
    expect(last.locator("[role=tooltip]")).to_be_visible()
    box = last.locator("[role=tooltip]").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


def test_two_records_become_one_in_front_of_the_lead(ward: Ward, desk: Desk, today: dt.date) -> None:
    born = today - dt.timedelta(days=200)
    yesterday = wards.at(today - dt.timedelta(days=1))
    kept, gone = (ward.child(now=yesterday, birth_date=born) for _ in range(2))
    withdraw(enrolment=gone, by=ward.nurse, now=dt.datetime.now(dt.UTC))
    page = desk(ward.lead)

    page.goto(f"/admin/children/{kept.patient.uid}/")
    page.locator("summary", has_text="More").click()
    page.get_by_role("link", name="Two records of one child: merge").click()
    page.get_by_label("Three letters of a name").fill("Testinf")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Compare with").first.click()
    expect(page.get_by_role("heading", name="Side by side")).to_be_visible()
    page.get_by_label("Why they are one child").fill("registered twice")
    page.get_by_label("I compared names").check()
    page.get_by_role("button", name="Merge the two records").click()

    expect(page.get_by_text("The two records are one child now")).to_be_visible()
    gone.patient.refresh_from_db()
    assert gone.patient.replaced_by == kept.patient

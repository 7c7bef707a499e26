"""Every page opens, costs a bounded number of queries, and shows another clinic's child to nobody."""

from __future__ import annotations

import datetime as dt
import re
import time
from decimal import Decimal
from typing import Any, Protocol

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clinic import courses, treatment
from clinic.actors import join_clinic, seed_actor
from clinic.models import Actor, Check, Enrolment, SweepHeartbeat
from clinic.recording import (
    record_blood_pressure,
    record_eeg,
    record_finding,
    record_spasms,
    record_weight,
)
from ispath.celery import SWEEPS
from ispath.dashboard import words
from notifications.models import MailServer, Outage
from tests.dashboard.conftest import MORNING, desk
from tests.factories import ward as wards
from tests.factories.clinic import CheckFactory, EscalationFactory
from tests.factories.ward import Ward

pytestmark = pytest.mark.django_db
PRODUCT = {"prednisolone": "prednisolone-10mg-ml"}
ROWS = 1000


class Clock(Protocol):
    """The clock that the edges read."""

    def move_to(self, moment: dt.datetime) -> None:
        """Let it be another moment."""


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(address)
    assert answer.status_code == 200, address
    return len(seen)


def checks(child: Enrolment, number: int, *, late: int = 3) -> None:
    """Open checks that are late, as the review writes them."""
    today = MORNING.date()
    stamps = {"created_at": MORNING, "changed_at": MORNING}
    actor = Actor.objects.order_by("pk")[0]
    Check.objects.bulk_create(
        Check(
            enrolment=child,
            patient=child.patient,
            key=f"many-{number}-{place}",
            code="WEIGHT",
            name="Weight, weekly",
            observes="weight",
            opens_on=today - dt.timedelta(days=late + 2),
            due_on=today - dt.timedelta(days=late),
            state="overdue",
            state_since_on=today,
            urgency="routine",
            who="clinic nurse",
            chain={"sentence": "Weekly while on a hormone"},
            created_by=actor,
            changed_by=actor,
            **stamps,
        )
        for place in range(number)
    )


def test_pages_cost_the_same_whatever_the_number_of_children(ward: Ward, nurse: Client) -> None:
    first = ward.child()
    checks(first, 1)
    pages = ("/admin/", "/admin/children/", "/admin/escalations/", "/admin/referrals/", "/admin/today/paper/")
    nurse.get("/admin/")
    few = {page: queries(nurse, page) for page in pages}

    for number in range(6):
        checks(ward.child(given_names=f"Sibling {number}", birth_date=dt.date(2026, 5, 1 + number)), 4)

    assert {page: queries(nurse, page) for page in pages} == few


def test_a_childs_page_costs_the_same_whatever_was_recorded(ward: Ward, nurse: Client) -> None:
    child = ward.child()
    ward.start(child, products=PRODUCT)
    page = f"/admin/children/{child.patient.uid}/"
    nurse.get(page)
    few = queries(nurse, page)

    checks(child, 30)
    for day in range(3):
        record_eeg(
            enrolment=child,
            entry=wards.on(wards.day(day)),
            report="pending",
            by=ward.nurse,
            now=MORNING,
        )

    assert queries(nurse, page) <= few + 2


def test_today_shows_a_thousand_rows_quickly_and_a_child_400_days_late(ward: Ward, nurse: Client) -> None:
    checks(ward.child(), ROWS - 1)
    checks(ward.child(given_names="Forgotten", birth_date=dt.date(2025, 1, 1)), 1, late=400)
    nurse.get("/admin/")

    times = []
    for _ in range(3):
        began = time.process_time()
        answer = nurse.get("/admin/")
        times.append(time.process_time() - began)

    said = answer.content.decode()
    assert said.count('data-do="waive"') == ROWS
    assert "400 days late" in said
    assert min(times) < 0.3, times  # seconds of processor time, so that a busy machine does not matter


def test_a_dose_to_be_decided_and_a_draft_open_where_they_are_answered(ward: Ward, nurse: Client) -> None:
    course = ward.start(ward.child(), products=PRODUCT)
    CheckFactory.create(
        enrolment=course.enrolment, course=course, observes="dose-decision", due_on=wards.day(9)
    )
    draft = courses.plan_course(
        enrolment=ward.child(given_names="Basil"),
        protocol_edition=course.protocol_edition,
        start_on=wards.day(9),
        by=ward.nurse,
        now=MORNING,
        weight_kg=Decimal("7.2"),
        products=PRODUCT,
    )[0]

    page = nurse.get("/admin/").content.decode()

    for answered, of in (("decide", course), ("check", draft)):
        assert (
            f'data-do="record" href="/admin/children/{of.patient.uid}/courses/{of.uid}/{answered}/"' in page
        )


def test_the_csv_holds_what_is_shown(ward: Ward, nurse: Client) -> None:
    checks(ward.child(), 2)

    lines = nurse.get("/admin/today.csv?kind=WEIGHT").content.decode().splitlines()

    assert lines[0].startswith("band,child,what")
    assert sum("Weight, weekly" in line for line in lines) == 2


def test_a_stale_sweep_and_an_uncovered_hour_are_said_in_red(ward: Ward, nurse: Client) -> None:
    said = nurse.get("/admin/").content.decode()

    assert "The plan has not been reviewed" in said
    assert "This hour is not covered" in said


@pytest.mark.parametrize(
    ("name", "silent", "said"),
    [
        ("clinic-sweep", dt.timedelta(minutes=12), "The plan has not been reviewed for 12 minutes."),
        ("relay", dt.timedelta(seconds=81), "News has not been picked up for 1 minute."),
        ("send", dt.timedelta(seconds=81), "Letters have not been sent for 1 minute."),
    ],
)
def test_a_sweep_that_misses_two_cycles_is_said_in_red(
    name: str, silent: dt.timedelta, said: str, nurse: Client
) -> None:
    now = MORNING
    for one in SWEEPS:
        last = now - silent if one == name else now
        SweepHeartbeat.objects.create(name=one, started_at=last, finished_at=last)

    page = nurse.get("/admin/").content.decode()

    assert said in page
    assert page.count("Tell the operator.") == 1


@pytest.mark.parametrize(("ago", "ended"), [(6, "6 minutes ago"), (0, "just now")])
def test_an_outage_that_is_over_is_told_with_its_gap(ago: int, ended: str, nurse: Client) -> None:
    until = MORNING - dt.timedelta(minutes=ago)
    since = until - dt.timedelta(minutes=64)
    caught_up = until + dt.timedelta(hours=1)
    Outage.objects.create(name="send", since=since, until=until, catch_up_until=caught_up)

    page = nurse.get("/admin/").content.decode()

    assert f"Letters were not sent for 64 minutes. That ended {ended}." in page


def test_a_mail_server_that_takes_no_letters_is_said_in_red(nurse: Client) -> None:
    MailServer.objects.create(name="default", refusals_in_a_row=2)

    assert "The mail server takes no letters." in nurse.get("/admin/").content.decode()


def test_the_phone_bar_answers_with_dose_in_mg_ml_and_strength(ward: Ward, nurse: Client) -> None:
    child = ward.child(identifiers=[("urn:oid:2.999.1", "900777")])
    ward.start(child, on=wards.day(5), products=PRODUCT)

    by_name = nurse.get("/admin/phone/?q=tes", headers={"HX-Request": "true"}).content.decode()
    by_number = nurse.get("/admin/phone/?q=900777", headers={"HX-Request": "true"}).content.decode()
    too_short = nurse.get("/admin/phone/?q=te", headers={"HX-Request": "true"}).content.decode()

    assert "10 mg" in by_name
    assert "1 mL of 10 mg/mL" in by_name
    assert "Testinfant, Aurora" in by_number
    assert "at least three letters" in too_short


def test_s15_a_day_number_is_said_with_its_convention(ward: Ward, nurse: Client) -> None:
    child = ward.child()
    ward.start(child, on=wards.day(5), products=PRODUCT)

    said = nurse.get(f"/admin/children/{child.patient.uid}/").content.decode()

    assert "treatment day 5 (the first dose is day 1)" in said
    assert "EEG two weeks after the start" in said


def test_s1_a_verdict_without_an_answer_of_the_family_is_not_success(ward: Ward, nurse: Client) -> None:
    child = ward.child()
    ward.start(child, products=PRODUCT)

    said = nurse.get(f"/admin/children/{child.patient.uid}/").content.decode()

    assert "Cannot tell" in said
    assert ">Responder<" not in said


def test_s1_every_surface_says_not_confirmed_until_the_family_was_asked(db: None, clock: Clock) -> None:
    ward = wards.ward("iess-first-line")
    child = ward.child()
    ward.start(child, products=PRODUCT)
    late = wards.at(wards.day(40))
    clock.move_to(late)
    who: dict[str, Any] = {"by": ward.nurse, "now": late}
    record_eeg(
        enrolment=child, entry=wards.on(wards.day(15)), hypsarrhythmia=False, sleep=True, minutes=180, **who
    )
    nurse = desk(ward.nurse)
    page = f"/admin/children/{child.patient.uid}/"

    silent = nurse.get(page).content.decode()
    record_spasms(enrolment=child, entry=wards.on(wards.day(20)), status="none-seen", **who)
    early = nurse.get(page).content.decode()
    record_spasms(enrolment=child, entry=wards.on(wards.day(40)), status="none-seen", **who)
    asked = nurse.get(page).content.decode()

    assert "not confirmed: family not asked since the last spasm" in silent
    assert f"not confirmed: family last asked {words.day(wards.day(20))}" in early
    assert ">Responder<" not in silent + early
    assert ">Responder<" in asked


HURTFUL = re.compile(r"fail|non-?respon|no response|refus|\blost\b|resistan|intract", re.IGNORECASE)


def test_s14_the_calendar_for_the_family_has_no_word_that_hurts(
    ward: Ward, nurse: Client, neurologist: Client
) -> None:
    child = ward.child()
    course = ward.start(child, products=PRODUCT)
    paper = f"/admin/children/{child.patient.uid}/courses/{course.uid}/paper/"

    said = nurse.get(paper).content.decode()

    assert "Your doctor tells you the dose for this day." in said
    assert "1 mL of 10 mg/mL" in said
    assert HURTFUL.search(re.sub(r"<[^>]+>", " ", said)) is None


def test_s17_a_calendar_of_another_strength_is_not_handed_out(ward: Ward, nurse: Client) -> None:
    child = ward.child()
    course = ward.start(child, products=PRODUCT)
    at = f"/admin/children/{child.patient.uid}/courses/{course.uid}"

    nurse.post(f"{at}/dispensed/", {"product": "prednisolone-3mg-ml", "happened_on": "2027-01-13"})
    said = nurse.get(f"{at}/paper/").content.decode()

    assert "Not to be handed out" in said
    assert "10 mg/mL" not in said.partition("<table")[2]


def test_s14_the_page_says_whether_the_family_was_told(ward: Ward, nurse: Client) -> None:
    child = ward.child()
    ward.start(child, products=PRODUCT)
    verdict = child.assessments.get(superseded_on=None)
    page = f"/admin/children/{child.patient.uid}/"

    before = nurse.get(page).content.decode()
    typed = {"told_by": "Dr Nils", "happened_on": "2027-01-13"}
    nurse.post(f"{page}told/verdict/{verdict.uid}/", typed)
    after = nurse.get(page).content.decode()

    assert "Family not told yet" in before
    assert "Family told by Dr Nils" in after


def test_a_stranger_of_another_clinic_sees_nothing_of_a_child(ward: Ward) -> None:
    child = ward.child()
    checks(child, 1)
    check = child.checks.order_by("pk").last()
    assert check is not None
    stranger = desk(wards.ward(key="south").nurse)

    for address in (
        f"/admin/children/{child.patient.uid}/",
        f"/admin/children/{child.patient.uid}/team/",
        f"/admin/children/{child.patient.uid}/courses/start/",
        f"/admin/checks/{check.uid}/why/",
        f"/admin/checks/{check.uid}/waive/",
    ):
        assert stranger.get(address).status_code == 404, address
    assert "Testinfant" not in stranger.get("/admin/").content.decode()
    assert "Testinfant" not in stranger.get("/admin/phone/?q=tes").content.decode()
    assert "Testinfant" not in stranger.get("/admin/clinic/patient/").content.decode()


def test_the_log_in_leads_to_the_front_page(ward: Ward) -> None:
    user = ward.nurse.user
    assert user is not None
    user.set_password("a long password")
    user.is_staff = True
    user.save()

    answer = Client().post(
        "/admin/login/", {"username": user.username, "password": "a long password"}, follow=True
    )

    assert answer.redirect_chain[-1][0] == "/admin/"
    assert ">Today<" in answer.content.decode()


def test_only_the_frame_of_the_admin_site_may_evaluate_scripts(ward: Ward, nurse: Client) -> None:
    def scripts(address: str) -> str:
        policy = nurse.get(address).headers["Content-Security-Policy"]
        return next(part for part in policy.split("; ") if part.startswith("script-src"))

    inside = {scripts(page) for page in ("/admin/", "/admin/login/", "/admin/rows/", "/admin/clinic/check/")}
    outside = {
        scripts(page) for page in ("/api/v1/status", "/letters/a-token/", "/fhir/metadata", "/health/")
    }

    assert inside == {"script-src 'self' 'unsafe-eval'"}
    assert outside == {"script-src 'self'"}


def numbers_with_sources(page: str) -> list[tuple[str, str]]:
    """Each number that can be pointed at, and what is then said."""
    found = re.findall(
        r'<span class="src" tabindex="0" aria-describedby="([\w-]+)">(.*?)'
        r'<span role="tooltip" id="\1">(.*?)</span>',
        page,
        re.DOTALL,
    )
    return [(text.strip(), source) for _key, text, source in found]


def test_every_number_of_the_protocol_bears_its_source_for_pointer_and_keyboard(
    ward: Ward, nurse: Client
) -> None:
    child = ward.child()
    ward.start(child, on=wards.day(0), products=PRODUCT)
    record_blood_pressure(
        enrolment=child, entry=wards.on(wards.day(8)), systolic=88, by=ward.nurse, now=MORNING
    )

    page = numbers_with_sources(nurse.get(f"/admin/children/{child.patient.uid}/").content.decode())
    phone = numbers_with_sources(
        nurse.get("/admin/phone/?q=tes", headers={"HX-Request": "true"}).content.decode()
    )
    said = dict(page)

    doses = [source for text, source in page if "10 mg by mouth" in text]
    assert len(doses) >= 3, page  # today, in the calendar's stretches, day by day
    assert all("secondary source" in source or "verified" in source for source in doses)
    assert said["90th percentile"].startswith("Gemelli 1990")
    assert said["95th percentile"] == said["90th percentile"]
    assert any(text.startswith("due ") and source.startswith("Source: ") for text, source in page)
    assert any("window closes" in text for text, _source in page)
    assert ("10 mg by mouth" in phone[0][0], bool(phone[0][1])) == (True, True)
    assert all(source for _text, source in page)


def test_each_day_of_the_calendar_and_the_next_step_of_a_referral_tell_their_source(
    ward: Ward, clock: Clock
) -> None:
    clock.move_to(wards.at(wards.day(15)))
    nurse = desk(ward.nurse)
    child = ward.child()
    ward.start(child, products=PRODUCT)
    who: dict[str, Any] = {"enrolment": child, "by": ward.nurse, "now": wards.at(wards.day(15))}
    record_finding(entry=wards.on(wards.START), lesion="present", **who)
    record_eeg(entry=wards.on(wards.day(14)), hypsarrhythmia=True, sleep=True, minutes=180, **who)
    referral = child.referrals.get()

    page = nurse.get(f"/admin/children/{child.patient.uid}/").content.decode()
    pages = [nurse.get(f"/admin/referrals/{end}").content.decode() for end in ("", f"{referral.uid}/")]

    days = re.findall(r'<div role="listitem" class="cell (?:dose|undecided)', page)
    told = re.findall(r'class="amt"><span class="src" tabindex="(0|-1)" aria-describedby', page)
    assert len(told) == len(days) > 14
    assert set(told) == {"0", "-1"}
    said = re.escape(words.day(referral.act_by_on))
    assert all(re.search(rf'class="src"[^>]*>{said}<span role="tooltip"', one) for one in (page, *pages))


def test_an_emergency_stands_above_everything_else_on_the_childs_page(ward: Ward, nurse: Client) -> None:
    child = ward.child()
    ward.start(child, products=PRODUCT)
    row = EscalationFactory.create(enrolment=child, urgency="emergency", asks_for="see the child today")

    page = nurse.get(f"/admin/children/{child.patient.uid}/").content.decode()

    assert page.index(f"/admin/escalations/{row.uid}/") < page.index("Where we are")
    assert "See the child today." in page[: page.index("Where we are")]


def test_where_no_course_runs_the_last_one_is_said(ward: Ward, nurse: Client) -> None:
    course = ward.start(ward.child(), products=PRODUCT)
    treatment.stop_course(
        course=course, last_dose_on=wards.day(5), reason="intolerance", abrupt_because="rash",
        by=ward.neurologist, now=MORNING,
    )  # fmt: skip

    page = nurse.get(f"/admin/children/{course.patient.uid}/").content.decode()

    assert "No course is running." in page
    assert "last dose Sat 9 Jan 2027" in page


def test_a_dose_to_be_decided_says_between_what_and_who_may_save_it(ward: Ward, nurse: Client) -> None:
    course = ward.start(ward.child(), products=PRODUCT)
    address = f"/admin/children/{course.patient.uid}/courses/{course.uid}/decide/"

    asked, answered = (one.get(address).content.decode() for one in (nurse, desk(ward.neurologist)))

    assert "Not decided: the prescriber decides between 10 mg by mouth four times daily" in asked
    assert "A neurologist records this." in asked
    assert "A neurologist records this." not in answered


def test_a_person_with_two_roles_is_one_line(ward: Ward, nurse: Client) -> None:
    join_clinic(actor=ward.lead, clinic=ward.clinic, role="nurse", by=seed_actor(), now=MORNING)

    page = nurse.get("/admin/set-up/").content.decode()

    assert f"<strong>{ward.lead.name}</strong>, clinic lead, nurse" in page


def test_the_lines_of_today_tell_the_source_where_they_tell_why(ward: Ward, nurse: Client) -> None:
    child = ward.child()
    ward.start(child, products=PRODUCT)

    page = nurse.get("/admin/").content.decode()

    described = re.findall(r'aria-describedby="(source-[\w-]+)"', page)
    assert described
    assert all(re.search(rf'role="tooltip" id="{key}">Source: .+?<', page) for key in described)


def test_more_courses_cost_no_more_queries(ward: Ward, nurse: Client) -> None:
    child = ward.child()
    page, phone = f"/admin/children/{child.patient.uid}/", "/admin/phone/?q=testinfant"
    ward.start(child, products=PRODUCT)
    for address in (page, phone):
        nurse.get(address)
    few = {address: queries(nurse, address) for address in (page, phone)}

    ward.start(child, "vigabatrin-us-label", on=wards.day(3), products={"vigabatrin": "vigabatrin-50mg-ml"})
    for number in range(5):
        other = ward.child(given_names=f"Sibling {number}", birth_date=dt.date(2026, 5, 1 + number))
        ward.start(other, on=wards.day(number), products=PRODUCT)

    assert {address: queries(nurse, address) for address in (page, phone)} == few


def test_a_new_weight_shows_each_dose_it_would_change_before_anybody_accepts_it(
    ward: Ward, nurse: Client
) -> None:
    child = ward.child()
    course = ward.start(child, "vigabatrin-us-label", products={"vigabatrin": "vigabatrin-50mg-ml"})
    record_weight(
        enrolment=child, entry=wards.on(wards.day(8)), kg=Decimal("8.4"), by=ward.nurse, now=MORNING
    )

    said = nurse.get(f"/admin/children/{child.patient.uid}/courses/{course.uid}/weight/").content.decode()

    assert "8.4 kg" in said
    assert "What each weight would change" in said
    assert "<strong>630 mg by mouth twice daily" in said


def test_what_is_not_found_says_so_and_leads_back(ward: Ward, nurse: Client) -> None:
    nowhere = nurse.get("/admin/children/00000000-0000-4000-8000-000000000000/")

    said = nowhere.content.decode()
    assert nowhere.status_code == 404
    assert "There is no such child at your clinic." in said
    assert 'href="/admin/"' in said

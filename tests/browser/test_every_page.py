"""Every page of the tour, at both widths: nothing keeps anybody out, and nothing scrolls sideways."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from clinic import careteam, courses, enrolment
from clinic.actors import actor_for_contact
from clinic.entries import Entry
from clinic.models import Enrolment, WorkItem
from clinic.recording import record_blood_pressure, record_eeg, record_finding
from clinic.review import review_enrolment
from clinic.workitems import open_item
from notifications.models import Delivery
from protocols import signing
from protocols.drafting import clone_edition
from protocols.models import ProtocolEdition
from tests.browser.conftest import Desk
from tests.browser.tour import WIDTHS, stops
from tests.factories import protocols as library
from tests.factories import ward as wards
from tests.factories.ward import Ward

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SOLUTION = {"prednisolone": "prednisolone-10mg-ml"}
KEEPS_OUT = {"serious", "critical"}
# What this clinic has no example of would be left out of the tour in silence; these must be there.
MUST_BE_SEEN = {
    "child", "record-blood-pressure", "correct", "right-child", "course-check", "course-stop", "course-move",
    "family-paper", "family-told", "merge-two", "check-waive", "item", "escalation", "referral",
    "transfer-offer", "edition-row", "edition-moves", "edition-difference",
}  # fmt: skip


def busy(ward: Ward, today: dt.date) -> None:
    """A clinic where everything there is a page for has happened once."""
    now = dt.datetime.now(dt.UTC)
    who: dict[str, Any] = {"by": ward.nurse, "now": now}
    start = today - dt.timedelta(days=20)
    child = ward.child(now=wards.at(start), birth_date=start - dt.timedelta(days=200))
    ward.start(child, on=start, products=SOLUTION)
    twin = ward.child(now=wards.at(start), birth_date=child.patient.birth_date, given_names="Basil")
    draft(twin, ward, today)
    on = Entry(happened_on=today - dt.timedelta(days=10))
    record_finding(enrolment=child, entry=on, lesion="present", **who)
    record_blood_pressure(enrolment=child, entry=Entry(happened_at=now), systolic=112, **who)
    eeg: dict[str, Any] = {"hypsarrhythmia": True, "sleep": True, "minutes": 180}
    record_eeg(enrolment=child, entry=Entry(happened_on=today - dt.timedelta(days=5)), **eeg, **who)
    review_enrolment(enrolment=child, **who)
    letter(child, ward, now)
    offer(ward, now)
    editions(now)


def draft(child: Enrolment, ward: Ward, today: dt.date) -> None:
    """A calendar that waits for its second person, and the item that says so."""
    edition = ProtocolEdition.objects.get(protocol__key="prednisolone-ukiss")
    who: dict[str, Any] = {"by": ward.nurse, "now": dt.datetime.now(dt.UTC)}
    courses.plan_course(
        enrolment=child, protocol_edition=edition, start_on=today, weight_kg=Decimal("7.2"),
        products=SOLUTION, **who,
    )  # fmt: skip
    open_item(
        clinic=ward.clinic, kind=WorkItem.Kind.CALENDAR_CHECK, cause="course/one", due_on=today,
        patient_id=child.patient_id, **who,
    )  # fmt: skip


def letter(child: Enrolment, ward: Ward, now: dt.datetime) -> None:
    """A letter that did not arrive."""
    contact = careteam.add_contact(clinic=ward.clinic, name="Dr Old Mill", by=ward.nurse, now=now)
    Delivery.objects.create(
        clinic=ward.clinic, enrolment=child, reader=actor_for_contact(contact), role="pediatrician",
        letter="check_due", cause_kind="check", cause_uid=child.uid, rung="due", state="dead",
        why="server-away", caused_by=ward.nurse, created_at=now, send_at=now, settled_at=now,
    )  # fmt: skip


def offer(ward: Ward, now: dt.datetime) -> None:
    """A child that another clinic wants to hand over."""
    south = wards.ward(key="south")
    south.clinic.adoptions.update(from_on=now.date() - dt.timedelta(days=200))
    theirs = south.child(now=now, birth_date=now.date() - dt.timedelta(days=150), given_names="Clover")
    enrolment.offer_transfer(enrolment=theirs, to_clinic=ward.clinic, by=south.nurse, now=now)


def editions(now: dt.datetime) -> None:
    """A newer edition in force, and a draft after it."""
    by = library.lead()
    newer = clone_edition(library.protocol_edition("prednisolone-ukiss"), reason="Newer.", by=by, now=now)
    library.in_force(signing.check_edition(newer, by=by, now=now), on=now.date(), now=now)
    clone_edition(library.protocol_edition("vigabatrin-ukiss"), reason="A draft.", by=by, now=now)


def faults(page: Page, width: int) -> list[str]:
    """What axe finds that keeps somebody out, and whether the page scrolls sideways."""
    found = [one["id"] for one in Axe().run(page).response["violations"] if one["impact"] in KEEPS_OUT]
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [*found, *([f"{wide} px wide"] if wide > width else [])]


@pytest.mark.usefixtures("covered")
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_of_the_tour_keeps_nobody_out(
    ward: Ward, desk: Desk, today: dt.date, live_server: object, width: int
) -> None:
    busy(ward, today)
    page = desk(wards.person("nurse-north", "pathway lead", ward.clinic), width=width)
    seen, wrong = set(), {}

    for name, address in list(stops(page, str(live_server))):
        answer = page.goto(address)
        status = answer.status if answer is not None else 200
        seen.add(name)
        if problems := [*faults(page, width), *([f"answered {status}"] if status >= 400 else [])]:
            wrong[name] = problems

    assert wrong == {}
    assert MUST_BE_SEEN - seen == set()

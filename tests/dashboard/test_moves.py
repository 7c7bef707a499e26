"""A new edition: the page shows who would change and how; a neurologist accepts it for one child."""

from __future__ import annotations

import pytest
from django.test import Client

from clinic.models import Course, DoseChange
from protocols import models, signing
from protocols.drafting import clone_edition
from protocols.editing import change_row
from protocols.models import ProtocolEdition
from tests.dashboard.conftest import MORNING
from tests.factories import protocols as library
from tests.factories import ward as wards
from tests.factories.ward import Ward

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(ward: Ward) -> Course:
    return ward.start(ward.child())


@pytest.fixture
def gentler(ward: Ward) -> ProtocolEdition:
    """Our own edition of the course's protocol, in force since today: half the dose."""
    by = library.lead()
    draft = clone_edition(
        library.protocol_edition("prednisolone-ukiss"), reason="Gentler.", by=by, now=MORNING
    )
    for step in models.DoseStep.objects.filter(phase__edition=draft, amount=10):
        change_row(step, columns={"amount": 5}, by=by)
    checked = signing.check_edition(draft, by=by, now=MORNING)
    return library.in_force(checked, on=wards.day(9), now=MORNING)


def moves_of(edition: ProtocolEdition) -> str:
    return f"/admin/editions/{edition.uid}/moves/"


def accept_at(course: Course, edition: ProtocolEdition) -> str:
    return f"/admin/children/{course.patient.uid}/courses/{course.uid}/editions/{edition.uid}/"


def test_the_edition_leads_to_the_children_it_would_change(
    neurologist: Client, course: Course, gentler: ProtocolEdition
) -> None:
    assert moves_of(gentler) in neurologist.get(f"/admin/editions/{gentler.uid}/").content.decode()

    said = neurologist.get(moves_of(gentler)).content.decode()

    assert str(course.patient) in said
    assert accept_at(course, gentler) in said
    assert "A new edition moves nobody." in said


def test_a_neurologist_accepts_it_for_one_child(
    neurologist: Client, course: Course, gentler: ProtocolEdition
) -> None:
    form = neurologist.get(accept_at(course, gentler)).context["form"]
    typed = {name: form[name].value() for name in ("from_on", "digest", "once")}

    answer = neurologist.post(accept_at(course, gentler), {**typed, "prescriber": "Dr Aster"}, follow=True)

    assert "The course goes on by edition 1.1" in answer.content.decode()
    course.refresh_from_db()
    assert course.protocol_edition == gentler
    assert "No child of your clinics" in neurologist.get(moves_of(gentler)).content.decode()


def test_what_was_accepted_is_taken_back_before_its_first_day(
    neurologist: Client, course: Course, gentler: ProtocolEdition
) -> None:
    form = neurologist.get(accept_at(course, gentler)).context["form"]
    typed = {name: form[name].value() for name in ("from_on", "digest", "once")}
    neurologist.post(accept_at(course, gentler), {**typed, "prescriber": "Dr Aster"})
    back = f"{moves_of(gentler)}{DoseChange.objects.get(kind='edition').uid}/back/"

    listed = neurologist.get(moves_of(gentler)).content.decode()
    silent = neurologist.post(back, {"why": ""})
    done = neurologist.post(back, {"why": "The wrong child."}, follow=True).content.decode()

    assert "Accepted, not begun yet" in listed
    assert back in listed
    assert silent.status_code == 422
    assert "stays on the edition it was on" in done
    assert "Accepted, not begun yet" not in done
    course.refresh_from_db()
    assert course.protocol_edition.number == "1"
    assert neurologist.get(back).status_code == 404


def test_a_nurse_is_told_that_she_does_not_decide_it(
    nurse: Client, course: Course, gentler: ProtocolEdition
) -> None:
    form = nurse.get(accept_at(course, gentler)).context["form"]
    typed = {name: form[name].value() for name in ("from_on", "digest", "once")}

    answer = nurse.post(accept_at(course, gentler), {**typed, "prescriber": "Dr Aster"})

    assert answer.status_code == 422
    assert "Your role" in answer.content.decode()
    course.refresh_from_db()
    assert course.protocol_edition != gentler


def test_a_calendar_that_was_not_shown_is_refused_and_what_was_typed_stays(
    neurologist: Client, course: Course, gentler: ProtocolEdition
) -> None:
    form = neurologist.get(accept_at(course, gentler)).context["form"]
    typed = {"from_on": form["from_on"].value(), "digest": "other", "prescriber": "Dr Aster"}

    answer = neurologist.post(accept_at(course, gentler), typed)

    assert answer.status_code == 422
    assert "not the one you were shown" in answer.content.decode()
    assert "Dr Aster" in answer.content.decode()


def test_a_pathway_moves_no_course(neurologist: Client, course: Course) -> None:
    policy = models.PathwayEdition.objects.order_by("pk")[0]

    assert neurologist.get(f"/admin/editions/{policy.uid}/moves/").status_code == 404

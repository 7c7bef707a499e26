"""A child of another clinic is not found: every address that names something of a child is walked.

The addresses come from the URL conf, so a new one cannot be forgotten: one that this module does not know
how to fill fails, with a sentence that says what to add.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from clinic import deciding, models, recording, setting_up, treatment, waiving
from clinic import escalation as escalations
from clinic.entries import Entry
from clinic.management.commands.seed_clinic import moment_of
from clinic.models import Actor
from clinic.seeding.place import HARBOUR, LAKESIDE, Place, open_place
from clinic.seeding.seed import seed
from clinic.seeding.states import STATES
from clinic.seeding.waiting import leave_waiting
from ispath.fhir.served import KINDS
from notifications.models import Delivery
from protocols.models import ProtocolEdition
from tests.architecture.test_urls import PART, ROUTES
from tests.factories import protocols as library
from tests.factories.notifications import DeliveryFactory
from tests.factories.smart import an_api_client, bearer

AS_OF = dt.date(2027, 1, 4)

# What stands for each part of an address below a prefix; the longest prefix that fits is taken. A word
# after @ is the name of a row in `Rows` and stands for its id, any other stands for itself.
VALUES: dict[str, dict[str, str]] = {
    "admin/checks/": {"uid": "@check"},
    "admin/items/": {"uid": "@item"},
    "admin/escalations/": {"uid": "@escalation"},
    "admin/referrals/": {"uid": "@referral"},
    "admin/letters/": {"uid": "@letter"},
    "admin/children/": {"uid": "@child", "course": "@course", "act_key": "hold", "edition": "@edition"},
    "admin/children/<uuid:uid>/courses/start/": {"uid": "@child", "key": "vigabatrin-ukiss"},
    "admin/children/<uuid:uid>/enrolment/": {"uid": "@child", "step": "transfer"},
    "admin/children/<uuid:uid>/merge/": {"uid": "@child", "other": "@brother"},
    "admin/children/<uuid:uid>/record/": {"uid": "@child", "kind": "eeg"},
    "admin/children/<uuid:uid>/records/": {"uid": "@child", "model": "eeg", "fact": "@eeg"},
    "admin/children/<uuid:uid>/told/": {"uid": "@child", "kind": "verdict", "subject": "@verdict"},
    "api/v1/checks/": {"id": "@check"},
    "api/v1/children/": {"id": "@child"},
    "api/v1/courses/": {"id": "@course"},
    "api/v1/deliveries/": {"id": "@letter"},
    "api/v1/enrolments/": {"id": "@enrolment"},
    "api/v1/escalations/": {"id": "@escalation"},
    "api/v1/explain/": {"kind": "check", "id": "@check"},
    "api/v1/explain/dose/": {"id": "@course"},
    "api/v1/referrals/": {"id": "@referral"},
    "api/v1/verdicts/": {"id": "@verdict"},
}
# Prefixes below which no address names anything of a child, and why.
NOBODYS: dict[str, str] = {
    "admin/(?P": "lists and pages of Django's own, without a row",
    "admin/auth/": "accounts",
    "admin/axes/": "log-ins that failed",
    "admin/smart/": "machine clients",
    "admin/programs/": "machine clients, for operators only",
    "api/v1/protocols/": "protocols and pathways are everybody's",
    "admin/protocols/": "drugs, products and sources are everybody's",
    "admin/editions/": "protocols and pathways are everybody's",
    "admin/r/": "Django's way to a row's public page: no row has one",
    "admin/transfers/": "what another clinic has offered to this one, and to no other",
    "letters/": "the reader's own letter, opened by the signed link in it",
    "letter-examples/": "invented letters, on a developer's machine only",
    "mail-catcher/": "caught letters, in a trial only",
    "fhir(?:": "walked below, type by type",
}
FHIR_OF_NOBODY = {"PlanDefinition"}  # pathways are everybody's


@dataclass(frozen=True, kw_only=True)
class Rows:
    """One of everything of one child; the brother is another child of the same clinic."""

    child: models.Patient
    brother: models.Patient
    enrolment: models.Enrolment
    course: models.Course
    check: models.Check
    escalation: models.Escalation
    referral: models.Referral
    verdict: models.ResponseAssessment
    eeg: models.Eeg
    item: models.WorkItem
    letter: Delivery
    edition: ProtocolEdition


@dataclass(frozen=True, kw_only=True)
class Books:
    """A child of one clinic; somebody of it and somebody of another, at a desk and by token."""

    rows: Rows
    ours: Client
    theirs: Client
    our_token: Mapping[str, Any]
    their_token: Mapping[str, Any]


def a_child(clinic: models.Clinic) -> Rows:
    referral = models.Referral.objects.filter(enrolment__clinic=clinic, state="asked").first()
    assert referral is not None
    row = referral.enrolment
    stamp = {"created_at": row.created_at, "created_by": row.created_by}
    item = models.WorkItem.objects.create(
        clinic=clinic, patient=row.patient, kind="bounce", cause="a test", due_on=AS_OF,
        changed_at=row.created_at, changed_by=row.created_by, **stamp,
    )  # fmt: skip
    brother = models.Enrolment.objects.filter(clinic=clinic).exclude(pk=row.pk).order_by("pk")[0]
    return Rows(
        child=row.patient,
        brother=brother.patient,
        enrolment=row,
        course=row.courses.filter(status="active")[0],
        check=row.checks.unsatisfied()[0],
        escalation=row.escalations.open()[0],
        referral=referral,
        verdict=row.assessments.all()[0],
        eeg=models.Eeg.objects.filter(patient=row.patient)[0],
        item=item,
        letter=DeliveryFactory.create(clinic=clinic, enrolment=row, state="sent", sent_at=row.created_at),
        edition=ProtocolEdition.objects.filter(protocol__key="prednisolone-ukiss")[0],
    )


def do_what_the_seed_does_not(rows: Rows, *, lead: models.Actor, place: Place) -> None:
    """One of each act that no child of the seed has behind it, so that every table has a row."""
    by: dict[str, Any] = {"by": place.neurologist, "now": place.now}
    on = Entry(happened_on=AS_OF)
    child: dict[str, Any] = {"enrolment": rows.enrolment, "entry": on, **by}
    course: dict[str, Any] = {"course": rows.course, **by}
    told: dict[str, Any] = {"subject_kind": "verdict", "subject_uid": rows.verdict.uid, "told_by": "Dr Neuro"}
    weighed: dict[str, Any] = {"kind": "weight", "from_on": AS_OF, "weight_kg": Decimal("7.2")}
    escalations.acknowledge(escalation=rows.escalation, **by)
    recording.record_exposure(agent="varicella", **child)
    recording.record_investigation(kind="mri_epilepsy", status="done", **child)
    recording.record_prior_treatment(drug_text="pyridoxine", **child)
    deciding.record_decision(kind="eeg_compared", decided_by="Dr Neuro", **child)
    deciding.tell_family(**told, **child)
    treatment.dispense(entry=on, product=rows.course.product, **course)
    treatment.teach_calendar(entry=on, taught_to="mother", **course)
    treatment.miss_dose(entry=on, kind="missed", **course)
    treatment.hold_course(from_on=AS_OF, until_on=AS_OF, **course)
    treatment.change_dose(prescriber="Dr Neuro", **weighed, **course)
    waiving.waive_check(check=rows.check, reason="the family is abroad", until_on=AS_OF, **by)
    setting_up.add_holiday(clinic=place.clinic, on=AS_OF, name="Test day", by=lead, now=place.now)


def at_desk(name: str) -> Client:
    client = Client()
    user = User.objects.get(username=f"{name}@demo.example")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture(scope="module")
def books(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Books]:
    clock = time_machine.travel(moment_of(AS_OF), tick=False)
    with django_db_blocker.unblock(), transaction.atomic(), clock:
        library.load_library()
        now = moment_of(AS_OF)
        lakeside = open_place("lakeside", LAKESIDE, now=now)
        harbour = open_place("harbour", HARBOUR, now=now, prefix="harbour-")
        for place, children in ((lakeside, len(STATES)), (harbour, 6)):
            seed(place=place, children=children, today=AS_OF, seed_number=1, tell=lambda _: None)
        leave_waiting(lakeside, harbour)
        by = lakeside.nurse
        rows = a_child(lakeside.clinic)
        lead = Actor.objects.get(user__username="lead@demo.example")
        do_what_the_seed_does_not(rows, lead=lead, place=lakeside)
        yield Books(
            rows=rows,
            ours=at_desk("lead"),  # who is a nurse too, and may do what a nurse may not
            theirs=at_desk("harbour-lead"),
            our_token=bearer(an_api_client(name="ours", clinics=(lakeside.clinic,), by=by)),
            their_token=bearer(an_api_client(name="theirs", clinics=(harbour.clinic,), by=by)),
        )
        transaction.set_rollback(True)


def below(route: str, table: Mapping[str, Any]) -> str | None:
    """The longest prefix in a table that a route begins with."""
    return max((prefix for prefix in table if route.startswith(prefix)), key=len, default=None)


def row_model(route: str) -> str | None:
    """The model whose row an address of Django's own admin names."""
    start, _, rest = route.partition("admin/clinic/")
    return rest.split("/")[0] if not start and "<path:object_id>" in rest else None


def filled(route: str, value_of: Callable[[str], str]) -> str:
    """An address of a route with each part filled in, or a failure that says what to add."""
    prefix = below(route, VALUES)
    values = VALUES[prefix] if prefix else {}

    def value(name: str) -> str:
        if name not in values:
            pytest.fail(
                f"Nobody has said what stands for <{name}> in {route!r}. Add it to VALUES, with the row of a "
                "child that it names; or, if the address is about no child, its prefix to NOBODYS, with the "
                "reason."
            )
        return value_of(values[name])

    return "/" + PART.sub(lambda part: value(part.group("name")), route)


WALKED = [
    route
    for route in ROUTES
    if PART.search(route) and below(route, NOBODYS) is None and row_model(route) is None
]
LISTED = [route for route in ROUTES if row_model(route) is not None]


def asked(books: Books, route: str, address: str, *, theirs: bool, method: str = "get") -> Any:
    by_token = route.startswith("api/")
    client = Client() if by_token else books.theirs if theirs else books.ours
    header = (books.their_token if theirs else books.our_token) if by_token else {}
    return getattr(client, method)(address, **header)


@pytest.mark.django_db
@pytest.mark.parametrize("route", WALKED)
def test_what_is_of_another_clinics_child_is_not_found(books: Books, route: str) -> None:
    def value_of(word: str) -> str:
        return str(getattr(books.rows, word[1:]).uid) if word.startswith("@") else word

    address = filled(route, value_of)
    own = asked(books, route, address, theirs=False)
    assert own.status_code != 404, f"{address} is not found by its own clinic either: mend VALUES"
    allowed = {404, 405} if own.status_code == 405 else {404}

    assert asked(books, route, address, theirs=True).status_code in allowed
    assert asked(books, route, address, theirs=True, method="post").status_code in {404, 405}


@pytest.mark.django_db
@pytest.mark.parametrize("route", LISTED)
def test_a_row_of_another_clinic_is_as_absent_as_one_that_never_was(books: Books, route: str) -> None:
    model = apps.get_model("clinic", str(row_model(route)))
    row = rows_of(books.rows.enrolment.clinic, model).first()
    assert row is not None, "the clinic has no such row: let `do_what_the_seed_does_not` make one"

    def answer(key: str) -> tuple[int, str]:
        got = asked(books, route, "/" + route.replace("<path:object_id>", key), theirs=True)
        return got.status_code, str(got.headers.get("Location", "")).replace(key, "…").split("?")[0]

    for key, nobodys in ((str(row.pk), "0"), (str(getattr(row, "uid", row.pk)), str(uuid4()))):
        assert answer(key)[0] != 200
        assert answer(key) == answer(nobodys)


# how a row comes to its clinic, the shortest way first
PATHS = (
    "clinic",
    "enrolment__clinic",
    "patient__enrolments__clinic",
    "enrolments__clinic",
    "referral__enrolment__clinic",
    "escalation__enrolment__clinic",
)


def rows_of(clinic: models.Clinic, model: Any) -> Any:
    """The rows of a table that belong to a clinic or to one of its children."""
    names = {field.name for field in model._meta.get_fields()}
    path = next((path for path in PATHS if path.split("__")[0] in names), None)
    return model.objects.filter(pk=clinic.pk) if path is None else model.objects.filter(**{path: clinic})


@pytest.mark.django_db
@pytest.mark.parametrize("kind", sorted(set(KINDS) - FHIR_OF_NOBODY))
def test_a_resource_of_another_clinic_is_not_found(books: Books, kind: str) -> None:
    found = Client().get(f"/fhir/{kind}?_count=1", **books.our_token).json()
    key = found["entry"][0]["resource"]["id"]

    for address in (f"/fhir/{kind}/{key}", f"/fhir/{kind}/{key}/_history"):
        assert Client().get(address, **books.our_token).status_code == 200
        assert Client().get(address, **books.their_token).status_code == 404
    by_id = Client().get(f"/fhir/{kind}?_id={key}", **books.their_token).json()
    assert not [entry for entry in by_id.get("entry", ()) if entry["search"]["mode"] == "match"]


@pytest.mark.parametrize("prefix", sorted({*VALUES, *NOBODYS} - {"letter-examples/", "mail-catcher/"}))
def test_what_is_said_of_addresses_is_still_true(prefix: str) -> None:
    assert any(route.startswith(prefix) for route in ROUTES), f"{prefix} is gone: take its line out"

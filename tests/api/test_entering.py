"""What comes in by REST and by the command: the same documents, the same verbs, the same refusals, once."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from io import StringIO
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from clinic import models
from ispath.api.models import KeptAnswer
from tests.factories import ward as w
from tests.factories.clinic import ClinicFactory, PatientFactory, PatientIdentifierFactory
from tests.factories.smart import an_api_client, bearer

NOW = w.at(w.START)
TODAY = "2027-01-04"
MRN = {"mrn_system": "urn:oid:2.999.1", "mrn": "900001"}
CHILD = {
    "family_name": "Testinfant",
    "given_names": "Aurora",
    "birth_date": "2026-06-20",
    "sex": "f",
    "identifiers": [{"system": MRN["mrn_system"], "value": MRN["mrn"]}],
}
COURSE = {
    **MRN,
    "protocol": "prednisolone-ukiss",
    "start_on": TODAY,
    "weight_kg": "7.2",
    "length_cm": "66",
}
PRESSURE = {
    **MRN,
    "kind": "blood-pressure",
    "happened_on": TODAY,
    "systolic": 92,
    "diastolic": 54,
}
ABOUT = {**MRN, "happened_on": TODAY}
MEASURED = {**ABOUT, "kind": "measurement"}
SPASMS = {**ABOUT, "kind": "spasms"}
WEIGHT = {**MRN, "kind": "weight", "happened_on": TODAY, "kg": "7.2"}

Post = Callable[..., Any]


@pytest.fixture(scope="module")
def shared_ward(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[w.Ward]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield w.ward()
        transaction.set_rollback(True)


@pytest.fixture
def ward(shared_ward: w.Ward, db: None, monkeypatch: pytest.MonkeyPatch) -> w.Ward:
    """The ward on the day its courses start, seen from both edges."""
    ticks = count()
    clock = SimpleNamespace(now=lambda: NOW + dt.timedelta(microseconds=next(ticks)))
    monkeypatch.setattr("ispath.api.entering.views.timezone", clock)
    monkeypatch.setattr("ispath.api.management.commands.enter.timezone", clock)
    return shared_ward


@pytest.fixture
def post(client: Client, ward: w.Ward) -> Post:
    """POST with a token that may write, each time under a key of its own."""
    writer = an_api_client(name="writer", scopes="system/*.crs", clinics=(ward.clinic,), by=ward.lead)
    keys = iter(range(1000))

    def send(what: str, document: Any, *, key: str | None = None, scopes: str | None = None) -> Any:
        headers = {
            **bearer(writer, scopes),
            "HTTP_IDEMPOTENCY_KEY": f"key {next(keys)}" if key is None else key,
        }
        return client.post(
            f"/api/v1/{what}", json.dumps(document), content_type="application/json", **headers
        )

    return send


@pytest.fixture
def child(post: Post) -> str:
    """A child enrolled through REST; its id."""
    answer = post("children", CHILD)
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])


def counts() -> list[int]:
    """How many rows there are of everything a document could write."""
    facts = [fact for fact in models.Fact.__subclasses__() if not fact._meta.abstract]
    tables: tuple[Any, ...] = (
        models.Patient,
        models.PatientIdentifier,
        models.Enrolment,
        models.Course,
        models.TimelineEntry,
    )
    return [table._default_manager.count() for table in (*tables, *facts)]


def commanded(tmp_path: Path, what: str, *documents: Any) -> str:
    file, said = tmp_path / "documents.json", StringIO()
    file.write_text(json.dumps(list(documents)))
    call_command("enter", what, str(file), by="nurse-north@demo.example", stdout=said)
    return said.getvalue()


def test_a_child_comes_onto_the_books(child: str) -> None:
    enrolled = models.Enrolment.objects.get(patient__uid=child)

    assert (enrolled.state, enrolled.clinic.key) == ("active", "north")
    assert enrolled.created_by.kind == "api_client"


def test_a_course_is_only_planned_until_a_person_has_checked_its_calendar(post: Post, child: str) -> None:
    answer = post("courses", COURSE)

    assert answer.status_code == 201, answer.content
    (course,) = answer.json()["items"]
    assert (course["state"], course["drug"], course["child"]) == ("draft", "prednisolone", child)
    assert models.Course.objects.get().calendar_checked_by is None


def test_an_observation_goes_through_the_rules_of_a_typed_one(post: Post, child: str) -> None:
    high = {**PRESSURE, "systolic": 125, "diastolic": 80}

    answer = post("observations", high)

    assert answer.status_code == 201, answer.content
    row = models.BloodPressure.objects.get()
    assert (str(row.uid), row.systolic, row.via) == (answer.json()["id"], 125, "rest")
    assert models.Escalation.objects.filter(patient__uid=child, rule__startswith="E08").exists()


@pytest.mark.usefixtures("child")
def test_the_same_source_twice_is_one_observation(post: Post) -> None:
    document = {**PRESSURE, "identifier": {"system": "urn:ehr", "value": "obs-1"}}

    first, again = post("observations", document), post("observations", document)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert models.BloodPressure.objects.count() == 1


@pytest.mark.usefixtures("child")
def test_the_same_source_with_other_values_is_refused(post: Post) -> None:
    document = {**PRESSURE, "identifier": {"system": "urn:ehr", "value": "obs-1"}}
    post("observations", document)

    other = post("observations", {**document, "systolic": 120})
    in_pounds = [
        post("observations", {**MEASURED, "what": "length", "value": "25.9", "unit": "in", "identifier": one})
        for one in [{"system": "urn:ehr", "value": "obs-2"}] * 2
    ]

    assert (other.status_code, other.json()["code"]) == (409, "already-recorded-otherwise")
    assert models.BloodPressure.objects.get().systolic == 92
    assert [answer.status_code for answer in in_pounds] == [201, 200]


REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "a course without a weight that the regimen needs": (
        "courses",
        {**COURSE, "protocol": "vigabatrin-ukiss", "weight_kg": None},
        "weight",
    ),
    "72 kg typed for 7.2": ("observations", {**WEIGHT, "kg": "72"}, "Check the decimal point"),
    "a course that starts beyond the horizon": (
        "courses",
        {**COURSE, "start_on": "2028-01-04"},
        "2028-01-04",
    ),
    "an observation before birth": (
        "observations",
        {**PRESSURE, "happened_on": "2026-06-19"},
        "before the child was born",
    ),
    "an observation of tomorrow": (
        "observations",
        {**PRESSURE, "happened_on": "2027-01-05"},
        "has not come yet",
    ),
    "a record number in use": (
        "children",
        {**CHILD, "given_names": "Borealis", "another_child": True},
        "in use at this authority",
    ),
    "a child who looks alike": (
        "children",
        {**CHILD, "identifiers": [{"system": "urn:oid:2.999.1", "value": "900002"}]},
        "another_child: true",
    ),
    "a protocol that is not in force": ("courses", {**COURSE, "protocol": "prednisolone"}, "In force: acth"),
    "a name with a control character": (
        "children",
        {**CHILD, "family_name": "Test\x14infant"},
        "Take it out",
    ),
    "a system that is no URI": (
        "children",
        {**CHILD, "identifiers": [{"system": "our numbers", "value": "1"}]},
        "no blanks",
    ),
    "a record number as a number": ("observations", {**PRESSURE, "mrn": 900001}, "quotation marks"),
    "a child of nobody": ("observations", {**PRESSURE, "mrn": "1"}, "No child with this number"),
    "a number without its authority": (
        "observations",
        {**{k: v for k, v in PRESSURE.items() if k != "mrn_system"}},
        "required",
    ),
    "a field nobody knows": ("observations", {**PRESSURE, "sistolic": 92}, "is not a field here"),
    "a kind nobody knows": ("observations", {**PRESSURE, "kind": "mood"}, "none of: blood-pressure, weight"),
    "a document that is no object": ("observations", ["x"], "Invalid data"),  # type: ignore[dict-item]
    "a moment on another day": (
        "observations",
        {**PRESSURE, "happened_at": "2027-01-02T09:00:00-06:00"},
        "Correct one of them",
    ),
    "a moment by nobody's clock": (
        "observations",
        {**PRESSURE, "happened_at": "2027-01-04T09:00:00"},
        "needs its offset",
    ),
    "glucose without a unit": (
        "observations",
        {**MEASURED, "what": "glucose", "value": "90"},
        "mg/dL or mmol/L",
    ),
    "glucose in a unit written otherwise": (
        "observations",
        {**MEASURED, "what": "glucose", "value": "12", "unit": "mmol/l"},
        "mg/dL or mmol/L",
    ),
    "glucose in a word": (
        "observations",
        {**MEASURED, "what": "glucose", "result": "high"},
        "a number with its unit",
    ),
    "potassium in grams": (
        "observations",
        {**MEASURED, "what": "potassium", "value": "4.1", "unit": "g/L"},
        "mmol/L or mEq/L",
    ),
    "blood in stool in a word of one's own": (
        "observations",
        {**MEASURED, "what": "stool_blood", "result": "Positive"},
        "negative, positive",
    ),
    "a urine strip as a number": (
        "observations",
        {**MEASURED, "what": "urine_glucose", "value": "2", "unit": "+"},
        "negative, 1+, 2+",
    ),
    "26 inches typed as centimetres": (
        "courses",
        {**COURSE, "protocol": "acth-gel-us-label", "length_cm": "26"},
        "cannot be the length",
    ),
    "a length in the place of a weight": (
        "courses",
        {**COURSE, "protocol": "acth-gel-us-label", "length_cm": "660"},
        "cannot be the length",
    ),
    "spasms that were not seen": (
        "observations",
        {**SPASMS, "status": "none-seen", "clusters": 3},
        "contradict each other",
    ),
    "none seen since tomorrow": (
        "observations",
        {**SPASMS, "status": "none-seen", "none_since_on": "2027-01-05"},
        "Correct one of the days",
    ),
    "a vaccine given tomorrow": (
        "observations",
        {**ABOUT, "kind": "vaccine", "name": "MMR", "live": True, "on": "2027-01-05", "status": "given"},
        "is scheduled",
    ),
    "a contact with what no rule knows": (
        "observations",
        {**ABOUT, "kind": "exposure", "agent": "chickenpox"},
        "none of: varicella, measles, other",
    ),
    "a pressure upside down": (
        "observations",
        {**PRESSURE, "systolic": 54, "diastolic": 92},
        "exchanged",
    ),
}


@pytest.mark.parametrize("asked", REFUSED)
@pytest.mark.usefixtures("child")
def test_bad_input_is_refused_alike_by_rest_and_command_and_nothing_is_half_written(
    post: Post, asked: str, tmp_path: Path
) -> None:
    what, document, words = REFUSED[asked]
    if isinstance(document, dict):
        document = {name: value for name, value in document.items() if value is not None}
    before = counts()

    answer = post(what, document)
    with pytest.raises(CommandError) as refused:
        commanded(tmp_path, what, document)

    assert answer.status_code in {400, 409, 422}, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert words in answer.json()["detail"]
    assert answer.json()["detail"] in str(refused.value)
    assert counts() == before


@pytest.mark.usefixtures("child")
def test_a_value_that_a_protocol_does_not_have_is_no_question_of_rights(post: Post) -> None:
    product = post("courses", {**COURSE, "products": {"prednisolone": "acth"}})
    choice = post("courses", {**COURSE, "choices": {"colour": "red"}})

    assert (product.status_code, product.json()["code"]) == (422, "product-not-allowed")
    assert (choice.status_code, choice.json()["code"]) == (422, "choice-not-allowed")


def test_a_body_nested_too_deeply_is_no_json(client: Client, ward: w.Ward) -> None:
    headers = {**bearer(an_api_client(name="writer", scopes="system/*.crs")), "HTTP_IDEMPOTENCY_KEY": "k"}

    for what in ("observations", "status:lookup"):
        answer = client.post(f"/api/v1/{what}", '{"a":' * 5000, content_type="application/json", **headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad-json")


@pytest.mark.usefixtures("child")
def test_a_second_course_of_the_same_drug_is_refused(post: Post, ward: w.Ward, tmp_path: Path) -> None:
    enrolled = models.Enrolment.objects.get(patient__identifiers__value="900001")
    ward.start(enrolled)
    before = counts()

    answer = post("courses", COURSE)
    with pytest.raises(CommandError, match="Nothing was entered"):
        commanded(tmp_path, "courses", COURSE)

    assert answer.status_code in {409, 422}
    assert "prednisolone" in answer.json()["detail"].lower()
    assert counts() == before


def test_the_command_enters_all_or_none(ward: w.Ward, tmp_path: Path) -> None:
    other = {**CHILD, "given_names": "Borealis", "identifiers": [{"system": "urn:x", "value": "2"}]}
    with pytest.raises(CommandError, match=r"(?s)Nothing was entered.*\[1\] another_child"):
        commanded(tmp_path, "children", CHILD, other)
    assert not models.Patient.objects.exists()

    said = commanded(tmp_path, "children", CHILD, {**other, "another_child": True})

    assert len(said.splitlines()) == models.Patient.objects.count() == 2
    assert models.Patient.objects.get(given_names="Aurora").created_by == ward.nurse


@pytest.mark.parametrize(
    ("content", "by", "words"),
    [
        ("{", "nurse-north@demo.example", "is not JSON"),
        ("[]", "nobody@demo.example", "Nobody logs in as"),
    ],
)
@pytest.mark.usefixtures("ward")
def test_the_command_says_what_it_cannot_read(tmp_path: Path, content: str, by: str, words: str) -> None:
    file = tmp_path / "documents.json"
    file.write_text(content)

    with pytest.raises(CommandError, match=words):
        call_command("enter", "children", str(file), by=by)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("enter", "children", str(tmp_path / "none.json"), by="nurse-north@demo.example")


def test_a_child_of_another_clinic_is_not_there(post: Post, ward: w.Ward) -> None:
    ClinicFactory.create(key="south", mrn_system="urn:south")
    stranger = PatientFactory.create()
    PatientIdentifierFactory.create(patient=stranger, system="urn:south", value="7")

    answer = post("observations", {**PRESSURE, "mrn_system": "urn:south", "mrn": "7"})

    assert (answer.status_code, answer.json()["code"]) == (422, "child-unknown")


@pytest.mark.parametrize(
    ("what", "document"), [("children", CHILD), ("courses", COURSE), ("observations", PRESSURE)]
)
def test_a_token_that_may_only_read_writes_nothing(post: Post, what: str, document: Any) -> None:
    answer = post(what, document, scopes="system/*.rs")

    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient-scope")


@pytest.mark.usefixtures("child")
def test_a_repeated_request_gets_the_first_answer_and_has_no_second_effect(post: Post) -> None:
    first = post("observations", PRESSURE, key="one")
    again = post("observations", PRESSURE, key="one")

    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again.headers["Idempotent-Replayed"] == "true"
    assert models.BloodPressure.objects.count() == 1


@pytest.mark.usefixtures("child")
def test_a_key_stands_for_one_request_and_a_refused_one_frees_it(post: Post) -> None:
    wrong = {**WEIGHT, "kg": "72"}
    assert post("observations", wrong, key="one").status_code == 422
    assert post("observations", WEIGHT, key="one").status_code == 201

    other = post("observations", PRESSURE, key="one")

    assert (other.status_code, other.json()["code"]) == (409, "idempotency-key-reused")
    assert post("observations", PRESSURE, key="").json()["code"] == "idempotency-key-missing"
    assert post("observations", PRESSURE, key="k" * 256).json()["code"] == "bad-parameter"


@pytest.mark.usefixtures("child")
def test_kept_answers_are_forgotten_after_a_week(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    post("observations", PRESSURE, key="one")
    later = SimpleNamespace(now=lambda: NOW + dt.timedelta(days=8))
    monkeypatch.setattr("ispath.api.entering.views.timezone", later)

    post("observations", WEIGHT, key="two")

    assert list(KeptAnswer.objects.values_list("key", flat=True)) == ["two"]

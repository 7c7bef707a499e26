"""A part of a resource is marked as a part, and a known resource is not sent again."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from ispath.fhir.served import KINDS
from tests.fhir.conftest import Get, Ward
from tests.fhir.test_resources import validated

pytestmark = pytest.mark.usefixtures("ward")

SUBSETTED = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    "code": "SUBSETTED",
    "display": "subsetted",
}
ALWAYS = {"resourceType", "id", "meta"}
NAMES = [name for name in KINDS if name not in ("Communication", "PlanDefinition")]


def definition(name: str) -> Any:
    return getattr(importlib.import_module(f"fhir.resources.R4B.{name.lower()}"), name)


def found(get: Get, query: str) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in get(f"/fhir/{query}").json()["entry"]]


@pytest.mark.parametrize("name", NAMES)
def test_a_summary_is_what_the_definition_calls_one(get: Get, name: str) -> None:
    wholes, parts = found(get, name), found(get, f"{name}?_summary=true")

    summary = {*definition(name).summary_elements_sequence(), "resourceType"}
    assert [set(part) for part in parts] == [set(whole) & summary for whole in wholes]
    for part in parts:
        validated(part)
        assert SUBSETTED in part["meta"]["tag"]


@pytest.mark.parametrize("name", NAMES)
def test_text_and_elements_keep_what_is_mandatory(get: Get, name: str) -> None:
    for query in ("_summary=text", "_elements=nothing"):
        for part in found(get, f"{name}?{query}"):
            validated(part)
            assert SUBSETTED in part["meta"]["tag"]


def test_elements_are_named_as_the_definition_names_them(get: Get, ward: Ward) -> None:
    place = f"Patient/{ward.patient.uid}"

    part = get(f"/fhir/{place}?_elements=birthDate,link,deceased").json()
    (choice, *_) = found(get, "Observation?code=29463-7&_elements=value[x]")

    assert set(part) == {*ALWAYS, "active", "birthDate"}
    assert set(choice) == {*ALWAYS, "status", "code", "valueQuantity"}


def test_data_are_the_whole_without_the_narrative_and_text_is_the_narrative(get: Get) -> None:
    (whole,), (data,) = found(get, "Task"), found(get, "Task?_summary=data")
    (text,) = found(get, "Task?_summary=text")

    assert data.pop("meta")["tag"] == [SUBSETTED]
    assert data == {name: value for name, value in whole.items() if name not in ("meta", "text")}
    assert set(text) == {*ALWAYS, "text", "status", "intent"}
    assert found(get, "Task?_summary=false") == [whole]


def test_an_include_is_cut_like_the_matches(get: Get) -> None:
    task, patient = found(get, "Task?_elements=status&_include=Task:patient")

    assert set(task) == {*ALWAYS, "status", "intent"}
    assert "name" not in patient


def test_a_read_and_a_version_are_cut_too_and_the_links_say_so(get: Get, ward: Ward) -> None:
    place = f"/fhir/Task/{ward.check.uid}"

    summary = get(f"{place}?_summary=true").json()
    version = get(f"{place}/_history/1?_summary=true").json()
    (link,) = get("/fhir/Task?_summary=true").json()["link"]
    count = get(f"{place}?_summary=count")

    assert summary == version
    assert "restriction" not in summary
    assert link["url"] == "http://testserver/fhir/Task?_summary=true"
    assert count.status_code == 400


def test_pages_stay_cut(get: Get, ward: Ward) -> None:
    first = get("/fhir/Observation?_elements=status&_count=1").json()
    following = next(link["url"] for link in first["link"] if link["relation"] == "next")

    (second,) = found(get, following.removeprefix("http://testserver/fhir/"))

    assert set(second) == {*ALWAYS, "status", "code"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"HTTP_IF_MODIFIED_SINCE": "Mon, 04 Jan 2027 15:00:00 GMT"}, 304),
        ({"HTTP_IF_MODIFIED_SINCE": "Tue, 05 Jan 2027 00:00:00 GMT"}, 304),
        ({"HTTP_IF_MODIFIED_SINCE": "Mon, 04 Jan 2027 14:59:59 GMT"}, 200),
        ({"HTTP_IF_MODIFIED_SINCE": "yesterday"}, 200),
        ({"HTTP_IF_MODIFIED_SINCE": "Tue, 05 Jan 2027 00:00:00 GMT", "HTTP_IF_NONE_MATCH": 'W/"9"'}, 200),
    ],
)
def test_what_did_not_change_since_is_not_sent_again(
    get: Get, ward: Ward, headers: dict[str, str], status: int
) -> None:
    answer = get(f"/fhir/Task/{ward.check.uid}", **headers)

    assert answer.status_code == status
    assert answer.headers["ETag"] == 'W/"1"'
    assert bool(answer.content) == (status == 200)


def test_the_statement_says_that_both_conditions_are_looked_at(get: Get) -> None:
    (rest,) = get("/fhir/metadata").json()["rest"]

    assert {each["conditionalRead"] for each in rest["resource"]} == {"full-support"}

"""A narrative is well-formed XHTML that says what its resource says, and nothing else."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from clinic import models
from ispath.fhir.narrative import narrative
from ispath.fhir.served import KINDS
from tests.fhir.conftest import Get, Ward

pytestmark = pytest.mark.usefixtures("ward")

DIV = "{http://www.w3.org/1999/xhtml}div"
WEIGHT = {"value": Decimal("7.200"), "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"}
CANARY = """<script>alert("o'clock")</script> & ]]> é"""


def words_of(text: dict[str, Any]) -> str:
    """The words that a browser would show."""
    div = ET.fromstring(text["div"])  # noqa: S314 - our own
    assert (text["status"], div.tag, [child.tag for child in div]) == (
        "generated",
        DIV,
        [DIV.replace("div", "p")],
    )
    return "".join(div.itertext())


@pytest.mark.parametrize("name", [name for name in KINDS if name not in ("Communication", "PlanDefinition")])
def test_a_narrative_says_no_more_than_the_resource(get: Get, name: str) -> None:
    for entry in get(f"/fhir/{name}").json()["entry"]:
        resource = entry["resource"]
        said = words_of(resource.pop("text"))

        whole = json.dumps(resource, ensure_ascii=False)
        parts = re.split(r"; |, | to | (?=\d)|(?<=\d) |(?<=\w) (?=\w)", said.removeprefix(f"{name}; "))
        assert len(said) > len(name) + 2
        assert [part for part in parts if part not in whole] == []


@pytest.mark.parametrize(
    ("type_name", "elements", "said"),
    [
        ("Patient", {"name": [{"family": CANARY, "given": ["A", "B"]}]}, f"{CANARY}, A, B"),
        ("Organization", {"name": CANARY}, CANARY),
        ("Observation", {"valueQuantity": WEIGHT}, "7.2 kg"),
        (
            "Observation",
            {"component": [{"code": {"text": "Systolic"}, "valueQuantity": WEIGHT}]},
            "Systolic 7.2 kg",
        ),
        ("Task", {"restriction": {"period": {"start": "2027-01-04"}}}, "2027-01-04"),
        ("Flag", {"code": {"coding": [{"code": "E02", "display": CANARY}], "text": CANARY}}, CANARY),
    ],
)
def test_what_people_wrote_is_words_and_never_markup(
    type_name: str, elements: dict[str, Any], said: str
) -> None:
    assert words_of(narrative(type_name, elements)) == f"{type_name}; {said}"


def test_a_name_with_markup_in_it_is_served_as_a_name(get: Get, ward: Ward) -> None:
    models.Patient.objects.filter(pk=ward.patient.pk).update(family_name=CANARY)

    patient = get(f"/fhir/Patient/{ward.patient.uid}").json()

    assert CANARY in words_of(patient["text"])
    assert "<script" not in patient["text"]["div"]

"""Lists and rows: scoped, paged, filtered, tagged."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from clinic.actors import operator_actor
from clinic.erasing import erase_child
from ispath.smart.models import ApiClient
from protocols.engine.explain_dose import dose_chain_from_data, replay_dose
from tests.api.conftest import Get, Ward
from tests.api.test_status import problem
from tests.conftest import owner_role
from tests.factories import clinic as rows
from tests.factories import ward as w
from tests.factories.smart import an_api_client, bearer
from tests.fhir.conftest import NORTH

pytestmark = pytest.mark.django_db

KINDS = ("children", "enrolments", "courses", "checks", "escalations", "referrals")
NOBODY = "00000000-0000-4000-8000-000000000000"


def row_of(ward: Ward, kind: str) -> Any:
    return {
        "children": ward.patient,
        "enrolments": ward.enrolment,
        "courses": ward.course,
        "checks": ward.check,
        "escalations": ward.escalation,
        "referrals": ward.referral,
    }[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_and_its_row_say_the_same(get: Get, ward: Ward, kind: str) -> None:
    listed = get(f"/{kind}").json()

    assert (listed["next"], listed["next_page"]) == (None, None)
    assert [item["id"] for item in listed["items"]] == [str(row_of(ward, kind).uid)]
    assert get(f"/{kind}/{listed['items'][0]['id']}").json() == listed["items"][0]


@pytest.mark.parametrize("kind", KINDS)
def test_another_clinics_rows_are_not_there(client: Client, ward: Ward, kind: str) -> None:
    south = bearer(an_api_client(clinics=(rows.ClinicFactory.create(key="south", name="South"),)))

    assert client.get(f"/api/v1/{kind}", **south).json()["items"] == []
    assert problem(client.get(f"/api/v1/{kind}/{row_of(ward, kind).uid}", **south)) == (404, "not-found")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("id_", [NOBODY, "1", "%00", "x" * 300])
def test_a_row_that_is_not_there_is_404(get: Get, ward: Ward, kind: str, id_: str) -> None:
    assert problem(get(f"/{kind}/{id_}")) == (404, "not-found")


def test_a_row_is_304_until_it_changes(get: Get, ward: Ward) -> None:
    address = f"/checks/{ward.check.uid}"
    tag = get(address).headers["ETag"]

    same = get(address, HTTP_IF_NONE_MATCH=tag)
    ward.check.state, ward.check.changed_at = "done", rows.NOW + dt.timedelta(days=1)
    ward.check.save()

    assert same.status_code == 304
    assert get(address, HTTP_IF_NONE_MATCH=tag).json()["version"] == 2


def test_pages_give_each_row_once(get: Get, ward: Ward) -> None:
    rows.CheckFactory.create_batch(6, enrolment=ward.enrolment)
    found: list[str] = []
    address: str | None = "/checks?limit=3&state=due"

    while address is not None:
        page = get(address).json()
        found += [item["id"] for item in page["items"]]
        address = page["next"]

    assert len(found) == len(set(found)) == 6


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("checks?state=overdue", 1),
        ("checks?state=done", 0),
        ("checks?code=BP&due_from=2027-01-04&due_to=2027-01-04", 1),
        ("checks?due_to=2027-01-03", 0),
        ("checks?child={p}", 1),
        (f"checks?child={NOBODY}", 0),
        ("checks?changed_since=2027-01-04T15:00:00Z", 1),
        ("checks?changed_since=2027-01-04T15:00:01Z", 0),
        ("courses?drug=prednisolone&state=active", 1),
        ("courses?protocol=plain&start_from=2027-01-04&start_to=2027-01-04", 1),
        ("enrolments?clinic=north&state=active", 1),
        ("escalations?rule=E02&urgency=urgent&state=open", 1),
        ("referrals?state=asked", 1),
        ("verdicts?standing=true&verdict=responder", 0),
        (f"children?identifier={NORTH}|900001", 1),
        (f"children?identifier={NORTH}|1", 0),
    ],
)
def test_a_list_can_be_narrowed(get: Get, ward: Ward, query: str, expected: int) -> None:
    assert len(get("/" + query.format(p=ward.patient.uid)).json()["items"]) == expected


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("checks?state=blue", "bad-parameter"),
        ("checks?due_from=tomorrow", "bad-parameter"),
        ("checks?changed_since=x", "bad-parameter"),
        ("checks?child=1", "bad-parameter"),
        ("checks?limit=0", "bad-parameter"),
        ("checks?limit=1000", "bad-parameter"),
        ("checks?limit=ten", "bad-parameter"),
        ("checks?limit=٣", "bad-parameter"),
        ("checks?page=nonsense", "bad-page-token"),
        ("checks?page=", "bad-page-token"),
        ("checks?due_to=", "bad-parameter"),
        ("deliveries?letter=" + "x" * 201, "bad-parameter"),
        ("verdicts?standing=null", "bad-parameter"),
        ("checks?chid=1", "unknown-parameter"),
        ("checks?code=%00", "bad-parameter"),
        ("children?identifier=900001", "bad-parameter"),
        ("worklist?kind=magic", "bad-parameter"),
        ("worklist?open_by=soon", "bad-parameter"),
        ("worklist?page=x", "bad-page-token"),
        ("changes?cursor=x", "bad-page-token"),
        ("changes?start=then", "bad-parameter"),
        ("changes?limit=-1", "bad-parameter"),
    ],
)
def test_an_impossible_parameter_is_a_400_with_a_code(get: Get, ward: Ward, query: str, code: str) -> None:
    assert problem(get(f"/{query}")) == (400, code)


def test_a_parameter_that_comes_twice_is_refused_and_not_half_read(get: Get, ward: Ward) -> None:
    for address in ("/checks?state=overdue&state=due", "/status?mrn_system=a&mrn=1&mrn=2"):
        answer = get(address)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad-parameter")
        assert "2 times" in answer.json()["detail"]


def test_a_wrong_word_is_answered_with_the_right_ones(get: Get, ward: Ward) -> None:
    said = get("/checks?state=late").json()["detail"]

    assert said == "This is none of: upcoming, due, overdue, done, waived, cancelled."


@pytest.mark.parametrize("address", ["/checks", "/worklist", "/changes", "/checks?state=late"])
def test_no_copy_is_to_be_kept_of_what_has_no_tag(get: Get, ward: Ward, address: str) -> None:
    assert get(address).headers["Cache-Control"] == "private, no-store"


def test_an_oversize_query_is_414(get: Get, ward: Ward) -> None:
    assert problem(get(f"/checks?code={'x' * 7000}")) == (414, "uri-too-long")


@pytest.mark.parametrize("kind", [*KINDS, "verdicts", "worklist", "protocols", "changes"])
def test_a_token_without_the_scope_is_403(client: Client, ward: Ward, kind: str) -> None:
    narrow = bearer(an_api_client(), "system/Group.rs")

    assert problem(client.get(f"/api/v1/{kind}", **narrow)) == (403, "insufficient-scope")


def test_the_worklist_shows_what_is_to_be_done(get: Get, ward: Ward) -> None:
    body = get("/worklist").json()
    first = get("/worklist?limit=1").json()

    assert body["total"] == len(body["items"]) == 3
    assert {item["kind"] for item in body["items"]} == {"check", "escalation", "referral"}
    assert get(f"/worklist?limit=1&page={first['next_page']}").json()["items"] == body["items"][1:2]
    assert get("/worklist?kind=check&code=BP").json()["total"] == 1
    assert "Testinfant" not in str(body)


def test_the_chain_behind_an_answer_can_be_read(get: Get, ward: Ward) -> None:
    ward.escalation.chain = {"sentence": "EEG of day 14 shows hypsarrhythmia", "rule": "E02"}
    ward.escalation.save()

    one = get(f"/explain/escalation/{ward.escalation.uid}").json()
    whole = get(f"/children/{ward.patient.uid}/explain").json()

    assert one["items"][0]["chain"]["rule"] == "E02"
    assert {item["kind"] for item in whole["items"]} >= {"check", "escalation"}
    assert problem(get(f"/explain/escalation/{NOBODY}")) == (404, "not-found")
    assert problem(get(f"/explain/magic/{NOBODY}")) == (404, "not-found")
    assert problem(get(f"/children/{NOBODY}/explain")) == (404, "patient-not-found")


def test_what_is_in_force_is_listed(get: Get, ward: Ward) -> None:
    body = get("/protocols").json()

    assert body == {"protocols": [], "pathways": []}


def test_a_protocol_that_is_not_signed_is_not_there(get: Get, ward: Ward) -> None:
    assert problem(get("/protocols/plain")) == (404, "not-found")
    assert problem(get("/protocols/plain?edition=1")) == (404, "not-found")


@pytest.mark.parametrize("kind", [*KINDS, "verdicts", "worklist"])
def test_a_list_costs_the_same_number_of_queries_however_long(
    get: Get, ward: Ward, django_assert_max_num_queries: Any, kind: str
) -> None:
    for _ in range(6):
        enrolment = rows.EnrolmentFactory.create()
        rows.PatientIdentifierFactory.create(patient=enrolment.patient)
        rows.CheckFactory.create_batch(2, enrolment=enrolment)
        rows.EscalationFactory.create(enrolment=enrolment)
        rows.ReferralFactory.create(enrolment=enrolment)

    with django_assert_max_num_queries(10):
        assert get(f"/{kind}").status_code == 200


def test_what_was_erased_is_gone_for_its_clinic_and_was_never_there_for_another(
    client: Client, ehr: ApiClient, ward: Ward
) -> None:
    ward.enrolment.state, ward.enrolment.ended_at = "withdrawn", rows.NOW
    ward.enrolment.ended_by = operator_actor()
    ward.enrolment.save()
    stranger = an_api_client(
        name="south", clinics=(rows.ClinicFactory.create(key="south", mrn_system="urn:s"),)
    )
    with owner_role():
        erase_child(patient=ward.patient, because="Request 12", by=operator_actor(), now=rows.NOW)

    for address in (
        f"/api/v1/children/{ward.patient.uid}",
        f"/api/v1/courses/{ward.course.uid}",
        f"/fhir/Patient/{ward.patient.uid}",
    ):
        assert client.get(address, **bearer(ehr)).status_code == 410
        assert client.get(address, **bearer(stranger)).status_code == 404


def test_why_a_dose_is_what_it_is(client: Client) -> None:
    staff = w.ward()
    course = staff.start(staff.child())
    reader = bearer(an_api_client(name="reader", clinics=(staff.clinic,)))

    said = client.get(f"/api/v1/explain/dose/{course.uid}?on=2027-01-08", **reader)

    assert said.status_code == 200
    (item,) = said.json()["items"]
    assert (item["kind"], item["id"]) == ("dose", str(course.uid))
    assert item["says"].startswith("On Friday 8 January 2027: 10 mg")
    assert replay_dose(dose_chain_from_data(item["chain"])).doses
    address = f"/api/v1/explain/dose/{course.uid}"
    assert client.get(f"{address}?on=2026-01-18", **reader).json()["items"] == []
    assert problem(client.get(f"{address}?on=soon", **reader)) == (400, "bad-parameter")
    assert problem(client.get(f"/api/v1/explain/dose/{NOBODY}", **reader)) == (404, "not-found")

"""The worklist, the status and the explanation: bounded in queries, without a horizon, from the same rows."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from decimal import Decimal
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from clinic import access, correcting, explaining, facts, recording, roles, shadowing, status, sweep, worklist
from clinic.actors import actor_for_client, leave_clinic, operator_actor
from clinic.entries import Entry
from clinic.models import Check, CourseStart, Enrolment, Escalation, Membership, ResponseAssessment
from protocols.engine.as_data import from_data, to_data
from protocols.engine.explain import Chain, replay
from protocols.engine.explain_dose import dose_chain_from_data, replay_dose
from protocols.engine.pathway import Span
from protocols.library_files.pathways import read_pathway_file
from tests.factories import clinic as make
from tests.factories import ward as w

NOW = w.at(w.START)


def positive_eeg(child: Enrolment, ward: w.Ward, elapsed: int = 14) -> None:
    recording.record_eeg(
        enrolment=child,
        entry=Entry(happened_on=w.day(elapsed)),
        by=ward.nurse,
        now=w.at(w.day(elapsed)),
        hypsarrhythmia=True,
        sleep=True,
        minutes=180,
    )


def test_the_worklist_asks_once_whatever_the_number_of_children(ward: w.Ward) -> None:
    for _ in range(2):
        ward.start(ward.child())
    with CaptureQueriesContext(connection) as few:
        worklist.lines(actor=ward.nurse, today=w.START)
    for _ in range(4):
        ward.start(ward.child())

    with CaptureQueriesContext(connection) as many:
        lines = worklist.lines(actor=ward.nurse, today=w.START)

    assert len(few) == len(many) == 1
    assert len({line.patient_uid for line in lines}) == 6


def test_a_child_four_hundred_days_late_is_still_there(ward: w.Ward) -> None:
    child = ward.child()
    ward.start(child)
    sweep.sweep(now=w.at(w.day(400)))

    lines = worklist.lines(actor=ward.nurse, today=w.day(400))

    late = [line for line in lines if line.code == "EEG14"]
    assert [line.state for line in late] == ["overdue"]
    assert late[0].days_late == 386


def test_what_is_late_comes_first_by_clinical_priority_and_then_by_date(ward: w.Ward) -> None:
    child = ward.child()
    ward.start(child)
    recording.record_symptom(
        enrolment=child,
        entry=Entry(happened_on=w.day(20)),
        by=ward.nurse,
        now=w.at(w.day(20)),
        temperature_c=Decimal("38.6"),
    )

    lines = worklist.lines(actor=ward.nurse, today=w.day(21))

    late = [line for line in lines if line.days_late > 0]
    assert lines[: len(late)] == late
    assert [line.priority for line in late] == sorted(line.priority for line in late)
    assert lines[0].code == "E12"
    assert all(line.why for line in lines)


def test_the_worklist_can_be_narrowed(ward: w.Ward) -> None:
    child = ward.child()
    ward.start(child)
    positive_eeg(child, ward)
    make.WorkItemFactory(clinic=ward.clinic)
    today = w.day(14)

    def codes(**wanted: object) -> set[str]:
        asked = worklist.Wanted(**wanted)  # type: ignore[arg-type]
        return {line.code for line in worklist.lines(actor=ward.nurse, today=today, wanted=asked)}

    assert codes(kinds=frozenset({"escalation"})) >= {"E02"}
    assert codes(kinds=frozenset({"work_item"})) == {"bounce"}
    assert codes(codes=frozenset({"E02"})) == {"E02"}
    assert codes(urgencies=frozenset({"urgent"}), kinds=frozenset({"escalation"})) == {"E02"}
    assert codes(assigned_to=ward.nurse) == set()
    assert codes(drug_key="vigabatrin") == set()
    assert "BP" in codes(drug_key="prednisolone")
    assert codes(clinic_uid=uuid4()) == set()
    assert codes(kinds=frozenset({"work_item"}), codes=frozenset({"E02"})) == set()
    assert "BP" not in codes(open_by=today, kinds=frozenset({"check"}), codes=frozenset({"VISION"}))


def test_another_clinic_sees_none_of_it(ward: w.Ward) -> None:
    ward.start(ward.child())
    stranger = w.person("stranger", "nurse", make.ClinicFactory(key="far", name="Far clinic"))

    assert worklist.lines(actor=stranger, today=w.START) == []


def test_the_status_is_the_document_of_the_contract(ward: w.Ward) -> None:
    child = ward.child(identifiers=[("urn:oid:2.999.1", "900001")])
    ward.start(child, products={"prednisolone": "prednisolone-10mg-ml"})

    document = status.status_document(child.patient, w.at(w.day(2)))

    assert list(document) == [
        "as_of",
        "zone",
        "plan_reviewed_at",
        "stale",
        "child",
        "enrolment",
        "courses",
        "checks",
        "verdict",
        "escalations",
        "referral",
        "links",
    ]
    assert document["child"]["identifiers"] == [{"system": "urn:oid:2.999.1", "value": "900001"}]
    assert document["enrolment"] == {"state": "active", "pathway": "iess-reference", "edition": "1"}
    course = document["courses"][0]
    assert (course["protocol"], course["state"], course["end_on"]) == (
        "prednisolone-ukiss",
        "active",
        w.day(28).isoformat(),
    )
    assert course["today"]["day"] == 3
    assert "10 mg by mouth four times daily" in course["today"]["text"]
    assert document["checks"]["upcoming"] + document["checks"]["due"] == len(document["checks"]["next"])
    assert document["referral"] is None
    assert json.dumps(document)
    for link in document["links"].values():
        resolve(urlsplit(link).path)  # raises where the link leads nowhere


def test_no_course_and_no_enrolment_are_said_and_no_error(ward: w.Ward) -> None:
    child = ward.child()
    document = status.status_document(child.patient, NOW)
    assert (document["courses"], document["verdict"]) == ([], None)

    never = make.PatientFactory()
    assert status.status_document(never, NOW)["enrolment"] is None


def test_a_merged_child_answers_under_its_old_id_and_names_the_new_one(ward: w.Ward) -> None:
    child = ward.child()
    old = make.PatientFactory(replaced_by=child.patient)

    document = status.status_document(old, NOW)

    assert document["child"]["replaced_by"] == str(child.patient.uid)
    assert document["enrolment"]["state"] == "active"


def test_a_plan_nobody_reviewed_is_called_stale(ward: w.Ward) -> None:
    child = ward.child()
    ward.start(child)

    assert not status.status_document(child.patient, w.at(w.day(1)))["stale"]
    assert status.status_document(child.patient, w.at(w.day(30)))["stale"]


def test_the_status_costs_the_same_however_much_is_on_record(ward: w.Ward) -> None:
    child = ward.child()
    ward.start(child)
    with CaptureQueriesContext(connection) as few:
        status.status_document(child.patient, NOW)
    for elapsed in range(14):
        recording.record_blood_pressure(
            enrolment=child,
            entry=Entry(happened_on=w.day(elapsed)),
            by=ward.nurse,
            now=w.at(w.day(14)),
            systolic=92,
            diastolic=54,
        )

    with CaptureQueriesContext(connection) as many:
        status.status_document(child.patient, w.at(w.day(14)))

    assert len(many) <= len(few)
    assert len(few) <= 40


def test_a_row_is_explained_and_its_chain_gives_the_same_answer_again(ward: w.Ward) -> None:
    child = ward.child()
    ward.start(child)
    positive_eeg(child, ward)
    rows = (
        Check.objects.filter(enrolment=child, code="BP").latest("pk"),
        Escalation.objects.get(enrolment=child, rule="E02"),
        ResponseAssessment.objects.get(enrolment=child, superseded_on=None),
    )

    for row in rows:
        explained = explaining.explain_row(row, as_of=w.day(14))
        assert explained.paragraph
        chain = from_data(Chain, json.loads(json.dumps(explained.chain)))
        assert to_data(replay(chain)) == explained.chain["answer"]


def test_a_dose_is_explained_by_the_facts_of_its_course(ward: w.Ward) -> None:
    course = ward.start(ward.child())
    start = CourseStart.objects.get(course=course)

    explained = explaining.explain_dose_of(course, on=w.day(4))

    chain = dose_chain_from_data(json.loads(json.dumps(explained.chain)))
    assert chain.facts == (f"coursestart/{start.uid}",)
    assert replay_dose(chain) == chain.answer
    assert explained.paragraph.startswith("On Friday 8 January 2027: 10 mg by mouth four times daily")
    assert "time zone America/Chicago" in explained.paragraph


def test_the_facts_behind_a_chain_are_found_by_their_ids(ward: w.Ward) -> None:
    child = ward.child()
    ward.start(child)
    positive_eeg(child, ward)
    verdict = ResponseAssessment.objects.get(enrolment=child, superseded_on=None)

    rows = explaining.rows_behind([*verdict.chain["facts"], "nothing/of-this-kind"])

    assert set(rows) == set(verdict.chain["facts"])


def test_a_past_day_is_shown_as_it_was_known_then(ward: w.Ward) -> None:
    child = ward.child()
    ward.start(child)
    positive_eeg(child, ward)

    before, after = (explaining.plan_on(child, day=w.day(elapsed)) for elapsed in (13, 14))

    assert before.verdict.value != after.verdict.value
    assert after.verdict.value == "non_responder"


def test_a_pathway_in_the_shadow_says_who_would_change_and_writes_nothing(
    ward: w.Ward, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: w.at(w.day(3)))
    child = ward.child()
    ward.start(child)
    rows = Check.objects.count(), Escalation.objects.count()

    call_command("shadow", "--pathway", "iess-first-line", "--format", "json")
    found = json.loads(capsys.readouterr().out)
    call_command("shadow", "--pathway", "iess-reference")

    assert found["children"] == 1
    assert [each["patient_uid"] for each in found["differing"]] == [str(child.patient.uid)]
    assert "0 of 1 children would differ" in capsys.readouterr().out
    assert (Check.objects.count(), Escalation.objects.count()) == rows
    with pytest.raises(CommandError, match="There are: iess-first-line"):
        call_command("shadow", "--pathway", "iess-first-line", "--edition", "9")


def test_a_shadow_says_each_kind_of_difference(ward: w.Ward) -> None:
    child = ward.child()
    ward.start(child)
    positive_eeg(child, ward)
    stands, would = (explaining.plan_on(child, day=w.day(elapsed)) for elapsed in (1, 14))

    there = {change.what for change in shadowing.differences(stands, would)}
    back = {change.says for change in shadowing.differences(would, stands)}

    assert {"verdict", "E02", "EEG14"} <= there
    assert any(says.startswith("would not be raised on ") for says in back)


def test_a_shadow_counts_children_by_what_would_change_and_says_days_in_words(ward: w.Ward) -> None:
    pathway = read_pathway_file("iess-reference")
    sooner = tuple(
        dataclasses.replace(rule, longest_gap=Span(count=3)) if rule.code == "BP" else rule
        for rule in pathway.monitoring_rules
    )
    six_days = tuple(
        dataclasses.replace(
            rule,
            parameters=tuple(
                dataclasses.replace(one, value=6) if one.name == "days_after_last" else one
                for one in rule.parameters
            ),
        )
        for rule in pathway.escalation_rules
    )
    draft = dataclasses.replace(pathway, monitoring_rules=sooner, escalation_rules=six_days)
    for _ in range(2):
        ward.start(ward.child())

    found = shadowing.shadow(draft, now=w.at(w.day(10)))
    lines = list(found.as_lines())

    assert lines[0] == "iess-reference 1: 2 of 2 children would differ"
    assert found.tally() == {("BP", "would be due earlier"): 2, ("E09", "would be raised earlier"): 2}
    assert found.as_data()["summary"][0] == {"what": "BP", "kind": "would be due earlier", "children": 2}
    assert any("E09: would be raised on Sunday 10 January 2027 instead of Tuesday 12" in x for x in lines)


def test_a_correction_that_says_another_kind_of_thing_takes_the_old_one_back(ward: w.Ward) -> None:
    child = ward.child()
    ward.start(child)
    report = recording.record_spasms(
        enrolment=child, entry=Entry(), by=ward.nurse, now=NOW, status="confirmed", clusters=2
    )

    correcting.correct(
        fact=report,
        enrolment=child,
        by=ward.nurse,
        now=NOW,
        why="it was a startle",
        changes={"status": "none-seen", "clusters": None},
    )

    kinds = [type(fact).__name__ for fact in facts.facts_of(child).facts]
    assert {"SpasmReport", "Voided", "FamilyAsked"} <= set(kinds)


def test_a_row_taken_back_counts_for_nothing(ward: w.Ward) -> None:
    child = ward.child()
    ward.start(child)
    reading = recording.record_blood_pressure(
        enrolment=child, entry=Entry(), by=ward.nurse, now=NOW, systolic=125, diastolic=60
    )
    assert Escalation.objects.filter(enrolment=child, state="open", rule__startswith="E08").exists()

    correcting.take_back(fact=reading, enrolment=child, by=ward.nurse, now=NOW, why="wrong cuff")

    assert not Escalation.objects.filter(enrolment=child, state="open", rule__startswith="E08").exists()
    assert Check.objects.unsatisfied().filter(enrolment=child, code="BP").exists()


def test_roles_are_groups_and_end_with_the_membership(ward: w.Ward) -> None:
    user = ward.nurse.user
    assert user is not None
    assert user.has_perm("clinic.add_bloodpressure")
    assert not user.has_perm("clinic.decide_dose")

    leave_clinic(membership=Membership.objects.get(actor=ward.nurse), by=ward.lead, now=w.at(w.day(1)))

    assert not access.clinics_of(ward.nurse).exists()
    assert not user.groups.exists()
    assert not roles.may(actor=ward.nurse, permission="clinic.add_eeg", clinic=ward.clinic)


def test_the_machine_may_do_everything_and_a_client_only_what_its_clinics_give_it(ward: w.Ward) -> None:
    client = actor_for_client(key="ehr", name="EHR")

    assert roles.may(actor=operator_actor(), permission="clinic.enrol", clinic=ward.clinic)
    assert not roles.may(actor=client, permission="clinic.add_eeg", clinic=ward.clinic)
    assert not access.children_visible_to(client).exists()


def test_the_last_beat_of_the_sweep_is_told(ward: w.Ward) -> None:
    assert worklist.last_sweep(now=NOW) is None
    sweep.sweep(now=NOW)

    beat = worklist.last_sweep(now=NOW + dt.timedelta(minutes=5))

    assert beat is not None
    assert beat.finished_at == NOW

"""What people do about what is asked of them: take it on, speak, act, waive, refer, decide, tell."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from clinic import correcting, deciding, escalation, recording, referral, roles, waiving, workitems
from clinic.entries import Entry
from clinic.models import (
    Check,
    Eeg,
    Enrolment,
    Escalation,
    Referral,
    ResponseAssessment,
    TimelineEntry,
    WorkItem,
)
from tests.factories import ward as w

NOW = w.at(w.START)


def feverish(ward: w.Ward) -> Escalation:
    child = ward.child()
    ward.start(child)
    recording.record_symptom(
        enrolment=child, entry=Entry(), by=ward.nurse, now=NOW, temperature_c=Decimal("38.6")
    )
    return Escalation.objects.get(enrolment=child, rule="E12")


def positive_eeg(child: Enrolment, ward: w.Ward, elapsed: int) -> None:
    recording.record_eeg(
        enrolment=child,
        entry=Entry(happened_on=w.day(elapsed)),
        by=ward.nurse,
        now=w.at(w.day(elapsed)),
        hypsarrhythmia=True,
        sleep=True,
        minutes=180,
    )


def referred(ward: w.Ward) -> Referral:
    child = ward.child()
    recording.record_finding(enrolment=child, entry=Entry(), by=ward.nurse, now=NOW, lesion="present")
    ward.start(child)
    positive_eeg(child, ward, 14)
    return Referral.objects.get(patient=child.patient)


def test_an_emergency_stays_open_until_somebody_was_spoken_to(ward: w.Ward) -> None:
    """S3: not mailed and hoped for."""
    raised = feverish(ward)
    assert raised.urgency == "emergency"
    escalation.acknowledge(escalation=raised, by=ward.nurse, now=NOW)
    with pytest.raises(escalation.NobodySpokenTo):
        escalation.act(escalation=raised, reason="seen", by=ward.neurologist, now=NOW)

    spoken = escalation.speak(escalation=raised, spoke_to="Dr On Call", by=ward.nurse, now=NOW)

    assert (spoken.spoke_to, spoken.spoke_by) == ("Dr On Call", ward.nurse)
    steps = raised.steps.order_by("pk").values_list("kind", flat=True)
    assert list(steps) == ["acknowledged", "spoke"]


def test_an_escalation_that_was_acted_on_stays_closed(ward: w.Ward) -> None:
    child = ward.child()
    ward.start(child)
    positive_eeg(child, ward, 14)
    failure = Escalation.objects.get(enrolment=child, rule="E02")

    escalation.act(escalation=failure, reason="next therapy chosen", by=ward.neurologist, now=w.at(w.day(14)))
    w.review(child, w.day(16), ward)

    failure.refresh_from_db()
    assert failure.state == "acted"
    with pytest.raises(escalation.EscalationClosed):
        escalation.decline(escalation=failure, reason="no", by=ward.neurologist, now=w.at(w.day(16)))


def test_a_nurse_closes_what_is_put_to_the_nurse_and_declines_nothing(ward: w.Ward) -> None:
    child = ward.child()
    ward.start(child)
    w.review(child, w.day(18), ward)
    late, now = Escalation.objects.get(enrolment=child, rule="E01"), w.at(w.day(18))
    with pytest.raises(roles.NotAllowed):
        escalation.decline(escalation=late, reason="not needed", by=ward.nurse, now=now)

    assert escalation.act(escalation=late, reason="booked", by=ward.nurse, now=now).state == "acted"

    positive_eeg(child, ward, 19)
    failure = Escalation.objects.get(enrolment=child, rule="E02")
    with pytest.raises(roles.NotAllowed):
        escalation.act(escalation=failure, reason="seen", by=ward.nurse, now=w.at(w.day(19)))


def test_an_acknowledgement_parks_the_ladder_until_its_day_and_two_working_days(ward: w.Ward) -> None:
    """S7: booked is not done."""
    child = ward.child()
    ward.start(child)
    positive_eeg(child, ward, 14)
    failure = Escalation.objects.get(enrolment=child, rule="E02")

    # the promise is for a Friday; Monday and Tuesday are the two working days
    parked = escalation.acknowledge(
        escalation=failure, by=ward.nurse, now=w.at(w.day(14)), result_on=w.day(18)
    )

    assert (parked.state, parked.parked_until_on) == ("acknowledged", w.day(22))
    assert escalation.resumes_on(parked) == w.day(23)


def test_a_waived_check_is_never_lost_and_asked_for_again_when_the_waiver_ends(ward: w.Ward) -> None:
    """S13: waivers expire."""
    child = ward.child()
    ward.start(child)
    check = Check.objects.unsatisfied().get(enrolment=child, code="EEG14")

    waiving.waive_check(check=check, reason="intubated", by=ward.neurologist, now=NOW, until_on=w.day(10))
    check.refresh_from_db()
    assert (check.state, check.reason) == ("waived", "intubated")
    with pytest.raises(waiving.CheckNotOpen):
        waiving.waive_check(check=check, reason="again", by=ward.neurologist, now=NOW)

    w.review(child, w.day(11), ward)
    check.refresh_from_db()
    assert check.state in Check.OPEN_STATES


def test_a_referral_goes_its_way_and_each_step_has_its_day(ward: w.Ward) -> None:
    row = referred(ward)
    steps: tuple[tuple[str, int, dict[str, str]], ...] = (
        ("signed", 14, {"party": "Dr Neuro"}),
        ("sent", 15, {"party": "epilepsy surgery program"}),
        ("received", 16, {}),
        ("seen", 20, {}),
        ("outcome", 25, {"outcome": "resection planned"}),
    )

    for kind, elapsed, words in steps:
        referral.step_referral(
            referral=row,
            kind=kind,
            by=ward.nurse,
            now=w.at(w.day(elapsed)),
            entry=Entry(happened_on=w.day(elapsed)),
            party=words.get("party", ""),
            outcome=words.get("outcome", ""),
        )

    row.refresh_from_db()
    assert (row.state, row.sent_on, row.seen_on, row.outcome_on) == (
        "outcome",
        w.day(15),
        w.day(20),
        w.day(25),
    )
    assert (row.ordered_by_name, row.outcome) == ("Dr Neuro", "resection planned")


def test_only_a_neurologist_declines_a_referral_and_the_next_failure_asks_again(ward: w.Ward) -> None:
    """S13: a refusal is asked again at the next failure."""
    row = referred(ward)
    later = w.at(w.day(15))
    with pytest.raises(referral.WordsNeeded):
        referral.step_referral(referral=row, kind="declined", by=ward.neurologist, now=later)
    referral.step_referral(
        referral=row,
        kind="declined",
        by=ward.neurologist,
        now=later,
        entry=Entry(detail="parents want a second opinion first"),
    )
    row.refresh_from_db()
    assert row.state == "declined"

    child = row.enrolment
    ward.start(child, "vigabatrin-us-label", on=w.day(16), products={"vigabatrin": "vigabatrin-50mg-ml"})
    positive_eeg(child, ward, 31)

    asked = Referral.objects.open().get(patient=child.patient)
    assert asked.pk != row.pk
    assert [reason.rule for reason in asked.reasons.all()] == ["E04"]


def test_a_second_cause_joins_the_open_referral(ward: w.Ward) -> None:
    row = referred(ward)
    child = row.enrolment
    ward.start(child, "vigabatrin-us-label", on=w.day(15), products={"vigabatrin": "vigabatrin-50mg-ml"})

    positive_eeg(child, ward, 29)

    assert Referral.objects.count() == 1
    assert {reason.rule for reason in row.reasons.all()} == {"E05", "E04"}
    assert TimelineEntry.objects.filter(kind="referral-reason-joined").count() == 1


def test_a_referral_whose_fact_was_corrected_asks_a_person(ward: w.Ward) -> None:
    row = referred(ward)
    eeg = Eeg.objects.get(patient=row.patient)

    correcting.correct(
        fact=eeg,
        enrolment=row.enrolment,
        by=ward.nurse,
        now=w.at(w.day(15)),
        why="the report was another child's",
        changes={"hypsarrhythmia": False},
    )

    row.refresh_from_db()
    assert (row.state, row.basis_withdrawn_on) == ("asked", w.day(15))
    assert WorkItem.objects.open().filter(kind="basis_withdrawn", subject_kind="referral").exists()
    old = ResponseAssessment.objects.get(enrolment=row.enrolment, verdict="non_responder")
    assert old.superseded_on == w.day(15)


def test_metabolic_disease_asks_a_person_instead_of_a_referral(ward: w.Ward) -> None:
    child = ward.child()
    for words in ({"lesion": "present"}, {"metabolic_or_degenerative": "confirmed"}):
        recording.record_finding(enrolment=child, entry=Entry(), by=ward.nurse, now=NOW, **words)
    ward.start(child)
    positive_eeg(child, ward, 14)

    assert Escalation.objects.filter(enrolment=child, rule="E06", state="open").exists()
    assert not Referral.objects.filter(patient=child.patient).exists()

    recording.record_finding(
        enrolment=child,
        entry=Entry(happened_on=w.day(20)),
        by=ward.nurse,
        now=w.at(w.day(20)),
        metabolic_or_degenerative="excluded",
    )
    assert Referral.objects.filter(patient=child.patient).exists()
    child.patient.condition.refresh_from_db()
    assert child.patient.condition.metabolic_or_degenerative == "excluded"


def test_a_decision_carries_the_name_of_who_decided(ward: w.Ward) -> None:
    child = ward.child()

    decided = deciding.record_decision(
        enrolment=child,
        entry=Entry(),
        by=ward.neurologist,
        now=NOW,
        kind="next_therapy",
        decided_by="epilepsy conference",
        next_therapy="vigabatrin",
    )

    assert decided.decided_by == "epilepsy conference"


def test_the_family_is_told_by_somebody_on_a_day(ward: w.Ward) -> None:
    row = referred(ward)

    told = deciding.tell_family(
        enrolment=row.enrolment,
        entry=Entry(happened_on=w.day(15)),
        by=ward.nurse,
        now=w.at(w.day(15)),
        subject_kind="referral",
        subject_uid=row.uid,
        told_by="Dr Neuro",
    )

    assert (told.subject_uid, told.happened_on) == (row.uid, w.day(15))


def test_work_is_given_to_somebody_and_back(ward: w.Ward) -> None:
    child = ward.child()
    ward.start(child)
    check = Check.objects.unsatisfied().filter(enrolment=child).first()
    assert check is not None

    waiving.assign(row=check, to=ward.colleague, by=ward.nurse, now=NOW)
    check.refresh_from_db()
    assert check.assigned_to == ward.colleague
    waiving.assign(row=check, to=None, by=ward.nurse, now=NOW)
    check.refresh_from_db()
    assert check.assigned_to is None


def test_an_item_is_on_the_list_once_for_each_cause_and_comes_back_after_it_was_closed(
    ward: w.Ward,
) -> None:
    said: dict[str, Any] = {
        "clinic": ward.clinic,
        "kind": "bounce",
        "cause": "contact/1",
        "due_on": w.START,
        "by": ward.nurse,
        "now": NOW,
    }
    item = workitems.open_item(**said)
    assert workitems.open_item(**said) == item
    waiving.assign_item(item=item, to=ward.colleague, by=ward.nurse, now=NOW)

    workitems.close_item(item=item, by=ward.nurse, now=NOW, because="address corrected")
    workitems.close_item(item=item, by=ward.nurse, now=NOW)

    assert workitems.open_item(**said) != item
    assert TimelineEntry.objects.filter(kind="work-item-closed").count() == 1

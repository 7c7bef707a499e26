"""The life of one fact: the EEG two weeks after the start shows hypsarrhythmia, and everything follows."""

from __future__ import annotations

import pytest

from clinic import recording, status, worklist
from clinic.entries import Entry
from clinic.models import Check, Escalation, Referral, ResponseAssessment, TimelineEntry
from tests.factories import ward as w

pytestmark = pytest.mark.django_db


def test_a_deciding_eeg_leads_to_the_verdict_the_escalation_and_in_the_end_the_referral() -> None:
    # given a child on high-dose prednisolone whose EEG is due two weeks after the start
    ward = w.ward()
    child = ward.child()
    ward.start(child)
    eeg_check = Check.objects.get(enrolment=child, code="EEG14")
    assert (eeg_check.due_on, eeg_check.state) == (w.day(14), "upcoming")

    # when the nurse records "hypsarrhythmia persists"
    recording.record_eeg(
        enrolment=child,
        entry=Entry(happened_on=w.day(14)),
        by=ward.nurse,
        now=w.at(w.day(14)),
        hypsarrhythmia=True,
        spasms_recorded=False,
        sleep=True,
        minutes=180,
    )

    # then the check is done, the verdict is non-responder, and the next therapy is asked for
    eeg_check.refresh_from_db()
    assert eeg_check.state == "done"
    verdict = ResponseAssessment.objects.get(enrolment=child, superseded_on=None)
    assert verdict.verdict == "non_responder"
    assert verdict.chain["facts"]
    failure = Escalation.objects.get(enrolment=child, rule="E02")
    assert (failure.state, failure.urgency, failure.raised_on) == ("open", "urgent", w.day(14))
    assert not Referral.objects.exists()

    # when the second mechanism fails as well
    ward.start(child, "vigabatrin-us-label", on=w.day(15), products={"vigabatrin": "vigabatrin-50mg-ml"})
    recording.record_eeg(
        enrolment=child,
        entry=Entry(happened_on=w.day(29)),
        by=ward.nurse,
        now=w.at(w.day(29)),
        hypsarrhythmia=True,
        sleep=True,
        minutes=180,
    )

    # then the surgical-evaluation referral is asked for, once, with its reason
    referral = Referral.objects.get(patient=child.patient)
    assert (referral.state, referral.asked_on) == ("asked", w.day(29))
    assert [reason.rule for reason in referral.reasons.all()] == ["E04"]

    # and the worklist, the status and the timeline show it, with the reason
    lines = worklist.lines(actor=ward.nurse, today=w.day(29))
    assert {"E04", "REFERRAL"} <= {line.code for line in lines}
    document = status.status_document(child.patient, w.at(w.day(29)))
    assert document["verdict"]["value"] == "non_responder"
    assert document["referral"]["reasons"] == ["E04"]
    told = TimelineEntry.objects.filter(enrolment=child).values_list("kind", flat=True)
    assert {"fact-recorded", "verdict-reached", "escalation-raised", "referral-asked"} <= set(told)

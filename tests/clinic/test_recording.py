"""Every observation has a verb, a row, a timeline entry, and a word the engine understands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from clinic import careteam, children, correcting, deaths, enrolment, facts, recording, treatment, waiving
from clinic.entries import Entry
from clinic.models import Check, Eeg, Enrolment, Fact, TimelineEntry, VisionExam
from protocols.engine import facts as engine
from protocols.models import Drug
from protocols.refusal import Refusal
from tests.factories import ward as w

NOW = w.at(w.START)
Said = dict[str, Any]
Verb = Callable[..., Fact]


def measured(kind: str, value: str | None = None, unit: str = "", result: str = "") -> Said:
    return {"kind": kind, "value": None if value is None else Decimal(value), "unit": unit, "result": result}


RECORDED: dict[str, tuple[Verb, Said, engine.Fact | type[engine.Fact] | None]] = {
    "vision exam": (
        recording.record_vision_exam,
        {"result": "abnormal", "method": "ERG"},
        engine.VisionExam,
    ),
    "vision exam whose report is pending": (recording.record_vision_exam, {"result": "pending"}, None),
    "asked, none seen": (
        recording.record_spasms,
        {"status": "none-seen", "none_since_on": dt.date(2027, 1, 2)},
        engine.FamilyAsked,
    ),
    "spasms on one side": (
        recording.record_spasms,
        {"status": "confirmed", "clusters": 2, "side": "left", "waking": "asleep", "video": True},
        engine.SpasmReport,
    ),
    "pending EEG": (recording.record_eeg, {"report": "pending"}, engine.Eeg),
    "long EEG": (recording.record_eeg, {"hypsarrhythmia": False, "minutes": 180, "based": 1}, engine.Eeg),
    "weight": (recording.record_measurement, measured("weight", "7.2", "kg"), engine.Weight),
    "length": (recording.record_measurement, measured("length", "66", "cm"), engine.Length),
    "glucose": (recording.record_measurement, measured("glucose", "88", "mg/dL"), engine.Glucose),
    "urine glucose": (recording.record_measurement, measured("urine_glucose", result="2+"), engine.Glucose),
    "potassium": (recording.record_measurement, measured("potassium", "4.1", "mmol/L"), engine.Electrolytes),
    "sodium": (recording.record_measurement, measured("sodium", "140", "mmol/L"), engine.Electrolytes),
    "stool": (recording.record_measurement, measured("stool_blood", result="positive"), engine.Stool),
    "head": (recording.record_measurement, measured("head_circumference", "43", "cm"), None),
    "fever": (recording.record_symptom, {"temperature_c": Decimal("38.6")}, engine.Symptom),
    "signs": (recording.record_symptom, {"signs": ("vomiting", "lethargy")}, engine.Symptom),
    "exposure": (recording.record_exposure, {"agent": "varicella", "kind": "household"}, engine.Exposure),
    "vaccine": (
        recording.record_vaccine,
        {"name": "MMR", "live": True, "on": dt.date(2027, 3, 15)},
        engine.VaccineScheduled,
    ),
    "vaccine of the household": (
        recording.record_vaccine,
        {"name": "MMR", "live": True, "on": dt.date(2027, 3, 15), "for_household": True},
        None,
    ),
    "therapy": (recording.record_therapy, {"therapy": "ketogenic diet"}, engine.TherapyStart),
    "therapy that ended": (recording.record_therapy, {"therapy": "diet", "status": "stopped"}, None),
    "investigation": (recording.record_investigation, {"kind": "mri", "status": "pending"}, None),
    "finding": (recording.record_finding, {"lesion": "not-imaged"}, engine.Finding),
    "diagnosis": (
        recording.record_diagnosis,
        {"onset_on": dt.date(2026, 12, 20), "etiology": "tsc", "hypsarrhythmia_at_baseline": True},
        engine.Diagnosed,
    ),
    "another drug given elsewhere": (
        recording.record_prior_treatment,
        {"drug_text": "topiramate"},
        engine.TherapyStart,
    ),
    "weekly call": (
        waiving.record_call,
        {"outcome": "reached", "about": "weekly_call", "answers": {"sleep": "well"}},
        engine.Call,
    ),
}


@pytest.mark.parametrize("what", RECORDED)
def test_what_is_recorded_is_a_row_an_entry_and_a_word_of_the_engine(ward: w.Ward, what: str) -> None:
    verb, said, word = RECORDED[what]
    child = ward.child()

    row = verb(enrolment=child, entry=Entry(), by=ward.nurse, now=NOW, **said)

    known = {fact.id: type(fact) for fact in facts.facts_of(child).facts}
    assert known.get(facts.id_of(row)) is word
    assert TimelineEntry.objects.filter(subject_uid=row.uid, by=ward.nurse).exists()


@pytest.mark.parametrize(
    ("said", "kept", "typed", "known"),
    [
        (measured("glucose", "5", "mmol/L"), ("90.0780", "mg/dL"), "5 mmol/L", {"mg_dl": 90}),
        (measured("length", "26", "in"), ("66.0400", "cm"), "26 in", {"cm": Decimal("66.0400")}),
        (measured("weight", "7200", "g"), ("7.2000", "kg"), "7200 g", {"grams": 7200}),
        (measured("potassium", "4.1", "mEq/L"), ("4.1000", "mmol/L"), "4.1 mEq/L", {}),
        (measured("urine_glucose", result="2+"), None, "", {"urine_plus": 2}),
        (measured("urine_glucose", result="negative"), None, "", {"urine_plus": 0}),
        (measured("stool_blood", result="negative"), None, "", {"blood": False}),
    ],
)
def test_a_measurement_is_kept_in_one_unit_and_understood(
    ward: w.Ward, said: Said, kept: tuple[str, str] | None, typed: str, known: dict[str, Any]
) -> None:
    child = ward.child()

    row = recording.record_measurement(enrolment=child, entry=Entry(), by=ward.nurse, now=NOW, **said)

    row.refresh_from_db()
    (fact,) = [one for one in facts.facts_of(child).facts if one.id == facts.id_of(row)]
    assert row.value is None if kept is None else (row.value, row.unit) == (Decimal(kept[0]), kept[1])
    assert row.as_typed == typed
    assert {name: getattr(fact, name) for name in known} == known


@pytest.mark.django_db
def test_glucose_on_a_urine_strip_asks_for_a_call() -> None:
    ward = w.ward("iess-first-line")
    child = ward.child()
    ward.start(child)

    recording.record_measurement(
        enrolment=child, entry=Entry(), by=ward.nurse, now=NOW, **measured("urine_glucose", result="2+")
    )

    asked = Check.objects.filter(enrolment=child, code="GLUCOSE-HIGH")
    assert [check.name for check in asked] == ["Glucose in the urine: call, serum glucose the same day"]


def test_a_correction_is_judged_like_what_is_recorded(ward: w.Ward) -> None:
    child = ward.child()
    row = recording.record_weight(enrolment=child, entry=Entry(), by=ward.nurse, now=NOW, kg=Decimal("7.2"))
    right: Said = {"fact": row, "enrolment": child, "by": ward.nurse, "now": NOW, "why": "typed wrong"}

    with pytest.raises(Refusal, match="cannot be the weight"):
        correcting.correct(**right, changes={"value": Decimal(72)})
    with pytest.raises(Refusal, match="kg or g or lb"):
        correcting.correct(**right, changes={"unit": "stone"})
    corrected = correcting.correct(**right, changes={"value": Decimal(7300), "unit": "g"})

    assert (corrected.value, corrected.unit, corrected.as_typed) == (Decimal("7.3"), "kg", "7300 g")


def test_a_failed_drug_from_elsewhere_counts_as_failed_here(ward: w.Ward) -> None:
    child = ward.child()

    row = recording.record_prior_treatment(
        enrolment=child,
        entry=Entry(happened_on=dt.date(2026, 11, 1)),
        by=ward.nurse,
        now=NOW,
        drug=Drug.objects.get(key="vigabatrin"),
        last_dose_on=dt.date(2026, 12, 1),
        adequate=True,
        outcome="failed",
    )

    known = {fact.id: fact for fact in facts.facts_of(child).facts}[facts.id_of(row)]
    assert isinstance(known, engine.PriorTreatment)
    assert (known.failed, known.adequate, known.drug_class) == (True, True, "vigabatrin")


def test_a_cancelled_vaccine_is_taken_back(ward: w.Ward) -> None:
    child = ward.child()
    row = recording.record_vaccine(
        enrolment=child, entry=Entry(), by=ward.nurse, now=NOW, name="MMR", live=True, on=w.day(60)
    )

    correcting.correct(
        fact=row, enrolment=child, by=ward.nurse, now=NOW, why="cancelled", changes={"status": "cancelled"}
    )

    kinds = [type(fact) for fact in facts.facts_of(child).facts]
    assert engine.Voided in kinds


def test_changes_of_a_course_reach_the_engine_in_its_words(ward: w.Ward) -> None:
    child = ward.child()
    course = ward.start(child, "vigabatrin-us-label", products={"vigabatrin": "vigabatrin-50mg-ml"})
    for kind in ("target", "taper", "choice"):
        treatment.change_dose(
            course=course,
            kind=kind,
            from_on=w.day(2),
            prescriber="Dr Neuro",
            by=ward.neurologist,
            now=w.at(w.day(2)),
        )
    treatment.hold_course(
        course=course, from_on=w.day(2), until_on=w.day(3), by=ward.neurologist, now=w.at(w.day(3))
    )

    kinds = {type(fact) for fact in facts.facts_of(child).facts}
    assert {engine.TreatmentStart, engine.TargetDoseReached, engine.TaperStarted, engine.Hold} <= kinds


def test_a_pending_eeg_becomes_a_reported_one_by_a_correction(ward: w.Ward) -> None:
    """S18: a pending report is "recorded, report pending", not missing."""
    child = ward.child()
    ward.start(child)
    later = w.at(w.day(14))
    pending = recording.record_eeg(
        enrolment=child, entry=Entry(), by=ward.nurse, now=later, report=Eeg.Report.PENDING
    )

    reported = correcting.correct(
        fact=pending,
        enrolment=child,
        by=ward.nurse,
        now=w.at(w.day(15)),
        why="report came",
        changes={"report": "final", "hypsarrhythmia": True, "sleep": True, "minutes": 120},
    )

    assert reported.corrects == pending
    check = Check.objects.get(enrolment=child, code="EEG14")
    assert (check.state, check.done_by_uid) == ("done", reported.uid)


def test_a_correction_may_move_the_day(ward: w.Ward) -> None:
    child = ward.child()
    exam = recording.record_vision_exam(
        enrolment=child, entry=Entry(), by=ward.nurse, now=NOW, result="no_abnormality_detected"
    )

    moved = correcting.correct(
        fact=exam,
        enrolment=child,
        by=ward.nurse,
        now=NOW,
        why="it was the day before",
        changes={},
        happened_on=w.day(-1),
    )

    assert (moved.happened_on, moved.result) == (w.day(-1), VisionExam.Result.NORMAL)


def said(ward: w.Ward) -> Said:
    return {"enrolment": ward.child(), "entry": Entry(), "by": ward.nurse, "now": NOW}


def closed(ward: w.Ward) -> Enrolment:
    return enrolment.withdraw(enrolment=ward.child(), by=ward.nurse, now=NOW)


EMPTY: dict[str, Callable[[w.Ward], Any]] = {
    "an EEG that says nothing": lambda x: recording.record_eeg(**said(x)),
    "a measurement without a value": lambda x: recording.record_measurement(**said(x), kind="sodium"),
    "a symptom without a word": lambda x: recording.record_symptom(**said(x)),
    "a finding about nothing": lambda x: recording.record_finding(**said(x)),
    "a drug without a name": lambda x: recording.record_prior_treatment(**said(x)),
    "an onset after the diagnosis": lambda x: recording.record_diagnosis(**said(x), onset_on=w.day(3)),
    "an onset before birth": lambda x: recording.record_diagnosis(**said(x), onset_on=dt.date(2026, 1, 1)),
    "an EEG of three weeks": lambda x: recording.record_eeg(**said(x), based=1, minutes=30000),
    "a transfer to nobody": lambda x: enrolment.offer_transfer(enrolment=x.child(), by=x.nurse, now=NOW),
    "a transfer of a child that has left": lambda x: enrolment.offer_transfer(
        enrolment=closed(x), by=x.nurse, now=NOW, to="elsewhere"
    ),
    "a transfer called off that was not offered": lambda x: enrolment.call_off_transfer(
        enrolment=x.child(), by=x.nurse, now=NOW, why="mistake"
    ),
    "a death taken back that nobody reported": lambda x: deaths.reverse_death(
        enrolment=x.child(), by=x.neurologist, now=NOW, why="mistake"
    ),
    "an address that is not there": lambda x: careteam.confirm_address(
        contact=careteam.add_contact(clinic=x.clinic, by=x.nurse, now=NOW, name="Dr"), by=x.nurse, now=NOW
    ),
    "a birth date put into the future": lambda x: children.change_child(
        patient=x.child().patient, clinic=x.clinic, by=x.nurse, now=NOW, changes={"birth_date": w.day(9)}
    ),
}


@pytest.mark.parametrize("what", EMPTY)
def test_what_says_nothing_or_cannot_be_is_refused(ward: w.Ward, what: str) -> None:
    with pytest.raises(Refusal) as refused:
        EMPTY[what](ward)

    assert refused.value.sentence.endswith(".")


def test_steps_that_were_taken_before_are_not_taken_again(ward: w.Ward) -> None:
    child = ward.child()
    offered = enrolment.offer_transfer(enrolment=child, by=ward.nurse, now=NOW, to="other hospital")
    assert enrolment.offer_transfer(enrolment=child, by=ward.nurse, now=NOW, to="elsewhere") == offered

    none = enrolment.accept_transfer(enrolment=child, by=ward.nurse, now=NOW, accepted_by="Dr There")
    child.refresh_from_db()
    assert (none, child.state, child.handed_over_to) == (None, "transferred", "Dr There")

    dead = ward.child()
    for _ in range(2):
        deaths.report_death(enrolment=dead, by=ward.nurse, now=NOW)
    for _ in range(2):
        deaths.confirm_death(enrolment=dead, by=ward.neurologist, now=NOW, died_on=w.START)
    assert dead.steps.count() == 3
    lost = ward.child()
    for _ in range(2):
        enrolment.lose_contact(enrolment=lost, by=ward.nurse, now=NOW)
    for _ in range(2):
        enrolment.find_contact(enrolment=lost, by=ward.nurse, now=NOW)
    assert lost.steps.count() == 3

"""Every answer can be explained, replayed from its chain's JSON alone, and read aloud."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from protocols.engine import facts as f
from protocols.engine.as_data import from_data, to_data
from protocols.engine.explain import (
    Chain,
    NothingToExplain,
    Subject,
    chain_as_data,
    chain_from_data,
    explain,
    key_of,
    replay,
)
from protocols.engine.pathway import PathwayEdition
from protocols.engine.plan import Plan
from protocols.engine.review import review
from protocols.engine.telling import fact_words, in_words
from protocols.engine.workdays import WorkingCalendar
from protocols.timelines import Timeline, read_timelines
from tests.protocols.review.plans import CHILD, day, eeg, fact, hormone, pressure, vigabatrin
from tests.protocols.review.stories import FIRST_LINE, REFERENCE

TEXT = (Path(__file__).parents[2] / "data" / "timelines.json").read_text(encoding="utf-8")
TIMELINES = {timeline.id: timeline for timeline in read_timelines(TEXT)[0]}
RICH = f.Facts(
    child=CHILD,
    facts=(
        fact(f.Diagnosed, "2027-01-03"),
        fact(f.Finding, "2027-01-04", lesion=f.LesionStatus.PENDING),
        hormone(),
        pressure("2027-01-09", 125, None),
        fact(f.Exposure, "2027-01-10", agent="varicella"),
        fact(f.MissedDose, "2027-01-11", course="hormone"),
        fact(f.Waiver, "2027-01-13", check="GLUCOSE:hormone:first", reason="done elsewhere"),
        fact(f.SpasmReport, "2027-01-16", status=f.SpasmStatus.REPORTED),
        eeg("2027-01-18", bad=True),
        vigabatrin("2027-01-20"),
        fact(f.ReferralStep, "2027-01-25", step=f.ReferralStepKind.SENT),
        fact(f.ConsentWithdrawn, "2027-02-20"),
    ),
)


def _answers(plan: Plan) -> list[tuple[Subject, str]]:
    return [
        *((Subject.CHECK, key_of(check)) for check in plan.checks),
        *((Subject.ESCALATION, key_of(escalation)) for escalation in plan.escalations),
        (Subject.VERDICT, key_of(plan.verdict)),
    ]


def _every_answer_survives(pathway: PathwayEdition, facts: f.Facts, as_of: date) -> None:
    plan = review(pathway, facts, as_of)
    by_key = {(Subject.CHECK, key_of(x)): x for x in plan.checks} | {
        (Subject.ESCALATION, key_of(x)): x for x in plan.escalations
    }
    for subject, key in _answers(plan):
        chain = explain(pathway, facts, as_of, subject, key, zone="America/Chicago")
        carried = json.loads(json.dumps(chain_as_data(chain)))
        assert replay(chain_from_data(carried)) == by_key.get((subject, key), plan.verdict)
        assert chain_from_data(carried) == chain


@pytest.mark.parametrize("name", ["T04", "T12", "T14", "T17", "T27", "T28", "T29", "T31", "T34", "T53"])
@pytest.mark.parametrize("pathway", [REFERENCE, FIRST_LINE], ids=lambda pathway: str(pathway.key))
def test_the_json_of_a_chain_alone_gives_the_answer_again(name: str, pathway: PathwayEdition) -> None:
    timeline: Timeline = TIMELINES[name]

    _every_answer_survives(pathway, timeline.facts, timeline.observe_until)


@pytest.mark.parametrize("as_of", ["2027-01-19", "2027-02-19", "2027-03-05"])
def test_controls_can_be_explained_too(as_of: str) -> None:
    _every_answer_survives(FIRST_LINE, RICH, day(as_of))


def test_an_overdue_eeg_can_be_read_to_a_doctor() -> None:
    facts = f.Facts(child=CHILD, facts=(hormone(),))

    chain = explain(
        FIRST_LINE, facts, day("2027-01-22"), Subject.ESCALATION, "E01 EEG14:hormone", zone="Europe/Paris"
    )

    sentences = [
        "EEG two weeks after the start overdue (E01, urgent) was raised on Friday 22 January 2027.",
        "It asks, by Saturday 23 January 2027: Book the EEG now: sleep, at least 90 minutes.",
        "EEG two weeks after the start: start of prednisolone on Monday 4 January 2027,",
        "not recorded by Friday 22 January 2027.",
        "Counted: start of prednisolone, Monday 4 January 2027, plus 14 days is Monday 18 January 2027.",
        "Counted: start of prednisolone, Monday 4 January 2027, plus 18 days is Friday 22 January 2027.",
        "Facts: first dose of prednisolone on Monday 4 January 2027.",
        "Pathway iess-first-line, edition 3, rule E01.",
        "Source: Yuskaitis 2021, doi 10.1002/epi4.12540 (verified; act by: policy, no clinical source).",
        "Days are counted in the time zone Europe/Paris.",
    ]
    assert in_words(chain) == " ".join(sentences)


@pytest.mark.parametrize("as_of", ["2027-01-05", "2027-01-19", "2027-03-05"])
def test_every_answer_can_be_read_aloud(as_of: str) -> None:
    plan = review(FIRST_LINE, RICH, day(as_of))

    for subject, key in _answers(plan):
        said = in_words(explain(FIRST_LINE, RICH, day(as_of), subject, key))
        assert said.endswith(".")
        assert "iess-first-line, edition 3" in said
        assert not re.search(r"\d{4}-\d{2}-\d{2}|: [VGDP]2?\)|\b1 (days|months)\b", said), said


def test_a_check_says_what_it_is_counted_from_and_no_more_than_once() -> None:
    week = WorkingCalendar(weekdays=frozenset(range(5)), holidays=frozenset({day("2027-01-18")}))
    facts = f.Facts(child=CHILD, facts=(hormone(), fact(f.Weight, "2027-01-04", grams=7800)))

    eeg14 = explain(FIRST_LINE, facts, day("2027-01-10"), Subject.CHECK, "EEG14:hormone", workdays=week)
    blood = explain(FIRST_LINE, facts, day("2027-01-04"), Subject.CHECK, "ELECTROLYTES:hormone:1")

    assert in_words(eeg14).startswith(
        "EEG two weeks after the start is due on Tuesday 19 January 2027,"
        " at the latest Thursday 21 January 2027, and is not open yet."
        " Counted: start of prednisolone, Monday 4 January 2027, plus 14 days is Monday 18 January 2027."
        " Counted: the clinic is closed, Monday 18 January 2027, moved later to Tuesday 19 January 2027."
        " Facts: first dose of prednisolone on Monday 4 January 2027. Pathway"
    )
    assert "Counted: start of prednisolone, Monday 4 January 2027, the same day." in in_words(blood)


def test_a_verdict_names_its_definition_and_why() -> None:
    facts = f.Facts(child=CHILD, facts=(hormone(),))

    said = in_words(explain(FIRST_LINE, facts, day("2027-03-01"), Subject.VERDICT))

    assert said.startswith(
        "By the definition of West Delphi and NISC, we cannot tell whether the treatment works:"
        " no adequate EEG from two weeks after the start is known; not confirmed: family"
    )


def test_withdrawn_and_resolved_are_said() -> None:
    wrong, right = TIMELINES["T28"], TIMELINES["T44"]

    withdrawn = _told(REFERENCE, wrong, "E08d")
    resolved = _told(REFERENCE, right, "E01")

    assert "withdrawn on Sunday 10 January 2027, because its facts were corrected" in withdrawn
    assert "resolved on Saturday 23 January 2027" in resolved


def _told(pathway: PathwayEdition, timeline: Timeline, rule: str) -> str:
    plan = review(pathway, timeline.facts, timeline.observe_until)
    found = next(escalation for escalation in plan.escalations if escalation.rule == rule)
    return in_words(
        explain(pathway, timeline.facts, timeline.observe_until, Subject.ESCALATION, key_of(found))
    )


@pytest.mark.parametrize(
    ("subject", "key"),
    [
        (Subject.CHECK, "BP:nobody:first"),
        (Subject.CHECK, "NO"),
        (Subject.ESCALATION, "E99 x"),
        (Subject.ESCALATION, "E02 x"),
    ],
)
def test_what_is_not_in_the_plan_cannot_be_explained(subject: Subject, key: str) -> None:
    with pytest.raises(NothingToExplain):
        explain(REFERENCE, RICH, day("2027-01-19"), subject, key)


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (
            eeg("2027-01-18", hypsarrhythmia=None, minutes=None),
            "EEG (report pending) on Monday 18 January 2027",
        ),
        (pressure("2027-01-09", 125, None), "blood pressure 125/? on Saturday 9 January 2027"),
        (
            fact(f.TreatmentStop, "2027-01-09", drug="ACTH", reason=f.StopReason.NO_RESPONSE),
            "last dose of ACTH (no response) on Saturday 9 January 2027",
        ),
        (
            fact(f.VisionExam, "2027-01-09", known="2027-01-11", result=f.VisionResult.ABNORMAL),
            "eye exam (abnormal) on Saturday 9 January 2027, known on Monday 11 January 2027",
        ),
        (fact(f.Exposure, "2027-01-09", agent="measles"), "contact with measles on Saturday 9 January 2027"),
        (fact(f.Weight, "2027-01-09", grams=7800), "weight 7800 g on Saturday 9 January 2027"),
        (
            fact(f.Glucose, "2027-01-09", mg_dl=104, method="capillary"),
            "glucose 104 mg/dL on Saturday 9 January 2027",
        ),
        (fact(f.Glucose, "2027-01-09", urine_plus=1), "glucose on Saturday 9 January 2027"),
        (
            fact(f.SpasmReport, "2027-01-09", status=f.SpasmStatus.NOT_A_SPASM),
            "report of spasms (not a spasm) on Saturday 9 January 2027",
        ),
        (
            fact(f.FamilyAsked, "2027-01-09", none_seen=True),
            "family asked (no spasms seen) on Saturday 9 January 2027",
        ),
        (
            fact(f.ReferralStep, "2027-01-09", step=f.ReferralStepKind.SENT),
            "referral (sent) on Saturday 9 January 2027",
        ),
        (
            fact(f.TherapyStart, "2027-01-09", therapy=""),
            "start of another therapy on Saturday 9 January 2027",
        ),
        (fact(f.Symptom, "2027-01-09", temp_c=None), "symptom on Saturday 9 January 2027"),
    ],
)
def test_a_fact_is_named_by_its_main_value(known: f.Fact, words: str) -> None:
    assert fact_words(known) == words


def test_a_chain_carries_a_definition_object_only_once_it_is_known() -> None:
    chain = explain(REFERENCE, RICH, day("2027-01-19"), Subject.VERDICT)

    assert isinstance(chain, Chain)
    assert from_data(PathwayEdition, to_data(REFERENCE)) == REFERENCE
    assert from_data(PathwayEdition, to_data(FIRST_LINE)) == FIRST_LINE

"""S14: what another system may show to a family never hurts. Rules' names and codes stay in the clinic."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from protocols.engine import facts as f
from protocols.engine.plan import Plan
from protocols.engine.review import review
from protocols.timelines import read_timelines
from tests.protocols.review.plans import eeg, fact, hormone, plan, vigabatrin
from tests.protocols.review.stories import FIRST_LINE

HURTS = re.compile(r"\b(fail\w*|non-?responder|non_responder|refus\w+|lost|declined)\b", re.IGNORECASE)
TIMELINES = read_timelines(
    (Path(__file__).parents[2] / "data" / "timelines.json").read_text(encoding="utf-8")
)[0]

FAILED = (hormone(), eeg("2027-01-18", bad=True), vigabatrin("2027-01-19"), eeg("2027-02-02", bad=True))
LESION = fact(f.Finding, "2027-01-04", lesion=f.LesionStatus.PRESENT)
DECLINED = fact(f.ReferralStep, "2027-01-20", step=f.ReferralStepKind.DECLINED)
HARD = (
    (*FAILED, LESION, DECLINED),
    (*FAILED, fact(f.ContactLost, "2027-02-03")),
    (*FAILED, fact(f.MissedDose, "2027-01-10", course="hormone", how=f.DoseLost.VOMITED, doses=3)),
    (
        hormone(),
        hormone("2027-01-19", id_="second", drug="ACTH", until="2027-02-16"),
        eeg("2027-01-18", bad=True),
        eeg("2027-02-02", bad=True),
    ),
    (
        hormone(adequate=False),
        eeg("2027-01-18", bad=True),
        fact(f.HumanReview, "2027-01-20", rule="E02r", verdict=f.ReviewVerdict.NON_RESPONDER),
    ),
)


def _shown(asked: Plan) -> list[str]:
    """What other systems show of a plan: verdict, checks, and what escalations ask for and why."""
    said = [asked.verdict.because.sentence]
    for check in asked.checks:
        said += [check.name, check.reason, check.limitation, *(step.label for step in check.because.steps)]
    for raised in asked.escalations:
        said += [raised.asks_for, raised.because.sentence, *(step.label for step in raised.because.steps)]
    return said


@pytest.mark.parametrize("timeline", TIMELINES, ids=lambda timeline: str(timeline.id))
def test_s14_no_worked_timeline_leads_to_words_that_hurt(timeline: object) -> None:
    for asked in (review(FIRST_LINE, t.facts, t.observe_until) for t in TIMELINES if t is timeline):
        assert [text for text in _shown(asked) if HURTS.search(text)] == []


CODE = re.compile(r"\b[ES]\d\d?[a-z]?\b|\b0 (day|week|month)s? after")


@pytest.mark.parametrize("timeline", TIMELINES, ids=lambda timeline: str(timeline.id))
def test_no_reason_speaks_in_codes_or_counts_no_days(timeline: object) -> None:
    for asked in (review(FIRST_LINE, t.facts, t.observe_until) for t in TIMELINES if t is timeline):
        assert [text for text in _reasons(asked) if CODE.search(text)] == []


def _reasons(asked: Plan) -> Iterator[str]:
    """Why each row stands, and what its days are counted from."""
    raised = [row.because for row in asked.escalations]
    for because in (*raised, *(row.because for row in asked.checks), asked.verdict.because):
        yield because.sentence
        yield from (step.label for step in because.steps)


@pytest.mark.parametrize("facts", HARD, ids=["declined", "out-of-reach", "missed", "one-mechanism", "person"])
def test_s14_what_is_hard_to_hear_is_said_without_words_that_hurt(facts: tuple[f.Fact, ...]) -> None:
    asked = plan(*facts, as_of="2027-02-20")

    assert [text for text in _shown(asked) if HURTS.search(text)] == []


def test_s14_the_walk_finds_a_word_that_hurts() -> None:
    assert HURTS.search("prednisolone has failed")
    assert HURTS.search(json.dumps({"value": "non_responder"}))
    assert not HURTS.search("prednisolone has not worked")

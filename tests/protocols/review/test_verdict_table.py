"""The verdict for many sets of facts, by each definition: a table to read line by line.

Days are counted from the start (2027-01-04 is 0). Each line: what is known, the day of the question, and the
answers by West Delphi, ICISS, UKISS and UCLA: R responder, P provisional, N non-responder, ? cannot tell.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from protocols.engine import facts as f
from protocols.engine.pathway import PathwayEdition
from protocols.engine.plan import VerdictValue
from tests.protocols.review.plans import eeg, fact, hormone, plan
from tests.protocols.review.stories import FIRST_LINE, REFERENCE

ZERO = date(2027, 1, 4)
SHORT = {
    "R": VerdictValue.RESPONDER,
    "P": VerdictValue.PROVISIONAL,
    "N": VerdictValue.NON_RESPONDER,
    "?": VerdictValue.CANNOT_TELL,
}
DEFINITIONS = ("west-delphi", "iciss", "ukiss", "ucla")

# spasms on days | EEGs as day:kind | family asked on days | asked on day | Delphi ICISS UKISS UCLA
REFERENCE_TABLE = """
-            | -                   | - |  0 | ? P P ?
-            | -                   | - | 13 | ? P R ?
-            | -                   | - | 14 | ? P R ?
-            | -                   | - | 40 | ? P R ?
-            | -                   | - | 41 | ? R R ?
-            | 14:clean            | - | 14 | P P R P
-            | 14:clean            | - | 27 | P P R P
-            | 14:clean            | - | 28 | R P R R
-            | 14:clean            | - | 41 | R R R R
4            | 14:clean            | - | 31 | P P R P
4            | 14:clean            | - | 32 | R P R R
10           | 14:clean            | - | 37 | P P R P
10           | 14:clean            | - | 38 | R P R R
12           | 14:clean            | - | 60 | R R N R
13           | 14:clean            | - | 60 | R N N R
14           | 15:clean            | - | 60 | ? N R N
15           | 14:clean            | - | 60 | N N R N
20           | 14:clean            | - | 60 | N N R N
38           | 14:clean            | - | 60 | R N R R
4,31         | 14:clean            | - | 60 | N N R N
4,32         | 14:clean            | - | 60 | N N R N
4,33         | 14:clean            | - | 60 | R N R R
4,41         | 14:clean            | - | 60 | R N R R
4,42         | 14:clean            | - | 60 | R R R R
4,50         | 14:clean            | - | 60 | R R R R
-            | 14:bad              | - | 14 | N P R N
-            | 14:bad              | - | 60 | N R R N
4            | 14:bad              | - | 60 | N R R N
4            | 12:bad              | - | 60 | ? R R ?
4            | 13:bad              | - | 60 | N R R N
4            | 13:clean            | - | 60 | R R R R
4            | 12:clean            | - | 60 | ? R R ?
4            | 12:clean 20:clean   | - | 60 | R R R R
4            | 30:clean            | - | 31 | P P R P
4            | 30:clean            | - | 32 | R P R R
4            | 50:clean            | - | 49 | ? R R ?
4            | 50:clean            | - | 50 | R R R R
4            | 14:short            | - | 60 | ? R R ?
4            | 14:awake            | - | 60 | ? R R ?
4            | 14:short 19:clean   | - | 60 | R R R R
4            | 14:short-bad        | - | 60 | N R R N
4            | 14:ictal            | - | 60 | N R R N
4            | 14:score-4          | - | 60 | N R R N
4            | 14:score-3          | - | 60 | R R R R
4            | 14:pending          | - | 60 | ? R R ?
4            | 14:unread           | - | 60 | ? R R ?
4            | 14:unknown-length   | - | 60 | ? R R ?
4            | 14:clean 20:bad     | - | 60 | N R R N
4            | 14:clean 32:bad     | - | 60 | N R R N
4            | 14:clean 33:bad     | - | 60 | R R R R
4            | 14:bad 20:clean     | - | 60 | N R R N
16           | 14:bad              | - | 60 | N N R N
"""

FIRST_LINE_TABLE = """
-            | 14:clean            | -     | 60 | ? ? ? ?
-            | 14:clean            | 20    | 60 | ? ? R ?
-            | 14:clean            | 28    | 60 | R ? R R
-            | 14:clean            | 27    | 60 | ? ? R ?
4            | 14:clean            | 28    | 60 | ? ? R ?
4            | 14:clean            | 32    | 60 | R ? R R
4            | 14:clean            | 32    | 33 | R P R R
4            | 14:clean            | 42    | 60 | R R R R
4            | 14:clean            | -     | 20 | P P ? P
4            | -                   | 42    | 60 | ? R R ?
4,20         | 14:clean            | 60    | 60 | N N R N
20?          | 14:clean            | 60    | 60 | ? ? R ?
10?          | 14:clean            | 60    | 60 | R R R R
4,50         | 14:clean            | -     | 60 | N N N N
4,50         | 14:clean            | 45    | 60 | R R R R
"""


def _lines(table: str) -> list[str]:
    return [line for line in table.splitlines() if line.strip()]


def _on(elapsed: str) -> str:
    return (ZERO + timedelta(days=int(elapsed))).isoformat()


def _eeg(said: str) -> f.Eeg:
    elapsed, kind = said.split(":")
    found = eeg(_on(elapsed), bad=kind in {"bad", "short-bad"})
    changes: dict[str, dict[str, object]] = {
        "short": {"minutes": 30},
        "awake": {"sleep": False},
        "short-bad": {"minutes": 20, "sleep": False},
        "ictal": {"spasms_recorded": True},
        "score-4": {"based": 4},
        "score-3": {"based": 3},
        "pending": {"report_pending": True},
        "unread": {"hypsarrhythmia": None},
        "unknown-length": {"minutes": None},
    }
    return replace(found, **changes.get(kind, {}))  # type: ignore[arg-type]


def _spasm(said: str) -> f.SpasmReport:
    status = f.SpasmStatus.REPORTED if said.endswith("?") else f.SpasmStatus.CONFIRMED
    return fact(f.SpasmReport, _on(said.rstrip("?")), status=status)


def _facts(spasms: str, eegs: str, asked: str) -> list[f.Fact]:
    return [
        hormone(),
        *(_spasm(said) for said in spasms.split(",") if said != "-"),
        *(_eeg(said) for said in eegs.split() if said != "-"),
        *(fact(f.FamilyAsked, _on(said), none_seen=True) for said in asked.split(",") if said != "-"),
    ]


def _check(line: str, pathway: PathwayEdition) -> None:
    spasms, eegs, asked, elapsed, answers = (part.strip() for part in line.split("|"))
    expected = dict(zip(DEFINITIONS, (SHORT[answer] for answer in answers.split()), strict=True))

    found = {
        key: plan(
            *_facts(spasms, eegs, asked), as_of=_on(elapsed), pathway=replace(pathway, adopted_definition=key)
        ).verdict.value
        for key in DEFINITIONS
    }

    assert found == expected


@pytest.mark.parametrize("line", _lines(REFERENCE_TABLE))
def test_the_reference_answers_by_each_definition(line: str) -> None:
    _check(line, REFERENCE)


@pytest.mark.parametrize("line", _lines(FIRST_LINE_TABLE))
def test_the_shipped_pathway_answers_only_what_somebody_asked(line: str) -> None:
    _check(line, FIRST_LINE)


def test_the_table_holds_at_least_sixty_sets_of_facts() -> None:
    assert len(_lines(REFERENCE_TABLE)) + len(_lines(FIRST_LINE_TABLE)) >= 60

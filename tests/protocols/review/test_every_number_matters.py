"""No number of the reference pathway can be changed without a worked history coming out differently."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from protocols.engine import facts as f
from protocols.engine.pathway import PathwayEdition
from protocols.engine.replay import Replay
from protocols.engine.review import plan_of
from protocols.engine.workdays import EVERY_DAY
from protocols.timelines import read_timelines
from tests.protocols.review.plans import day, eeg, fact, hormone, pressure, vigabatrin
from tests.protocols.review.stories import REFERENCE

TEXT = (Path(__file__).parents[2] / "data" / "timelines.json").read_text(encoding="utf-8")
NO_REPLAY_NEEDED = ("rungs", "targets", "first_choices", "sources")
OTHER_DEFINITIONS = ("iciss", "ukiss", "ucla")


def _numbers(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every number in a pathway's rules."""
    if isinstance(value, bool):
        return
    if isinstance(value, int | Decimal):
        yield path
    elif isinstance(value, tuple):
        for n, item in enumerate(value):
            yield from _numbers(item, (*path, n))
    elif is_dataclass(value):
        for field in fields(value):
            if field.name not in NO_REPLAY_NEEDED:
                yield from _numbers(getattr(value, field.name), (*path, field.name))


def _changed(value: Any, path: tuple[Any, ...], by: int) -> Any:
    if not path:
        return value + by
    key, rest = path[0], path[1:]
    if isinstance(key, int):
        return (*value[:key], _changed(value[key], rest, by), *value[key + 1 :])
    return replace(value, **{key: _changed(getattr(value, key), rest, by)})


def _name(path: tuple[Any, ...]) -> str:
    value: Any = REFERENCE
    names = []
    for key in path:
        value = value[key] if isinstance(key, int) else getattr(value, key)
        label = getattr(value, "code", "") or getattr(value, "name", "") or getattr(value, "key", "")
        names.append(f"{label}{getattr(value, 'part', '')}" if isinstance(key, int) and label else str(key))
    return ".".join(names)


def _readings(sex: str) -> list[f.Facts]:
    """A child of each age with readings around every limit of its row."""
    found = []
    for row in (row for row in REFERENCE.bp_table.rows if row.sex.value == sex):
        months = row.from_month
        child = f.Child(id=f"{sex}{months}", sex=row.sex, born_on=day("2025-01-04") - timedelta(days=1))
        on = day("2025-01-04") + timedelta(days=int(months * 30.5) + 2)
        values = {value + plus for value in (row.sbp90, row.sbp95) for plus in (-1, 0, 11, 12, 29, 30)}
        low = {value + plus for value in (row.dbp90, row.dbp95) for plus in (-1, 0)}
        readings: list[f.Fact] = [
            pressure(on.isoformat(), value, 40, id_=f"s{value}") for value in sorted(values)
        ]
        readings += [pressure(on.isoformat(), 60, value, id_=f"d{value}") for value in sorted(low)]
        readings += [
            pressure(on.isoformat(), row.sbp95 + plus, 40, id_=f"y{plus}", symptomatic=True)
            for plus in (-1, 0)
        ]
        # the last day of the row before, so that moving the age of a row shows
        eve = max(day("2025-01-04"), _turns(months) - timedelta(days=1))
        readings += [pressure(_turns(months).isoformat(), row.sbp90, 40, id_="birthday")]
        readings += [pressure(eve.isoformat(), row.sbp90, 40, id_="eve")]
        found.append(f.Facts(child=child, facts=tuple(readings)))
    return found


def _turns(months: int) -> Any:
    from protocols.engine.days import add_months

    return add_months(day("2025-01-03"), months)


def _histories() -> list[tuple[f.Facts, Any]]:
    """The worked timelines, and children who stand on the edge of each number that those do not reach."""
    shared = [(timeline.facts, timeline.observe_until) for timeline in read_timelines(TEXT)[0]]
    child = shared[0][0].child
    stop = fact(f.TreatmentStop, "2027-01-08", drug="vigabatrin", reason=f.StopReason.INTOLERANCE)
    edge: list[tuple[tuple[f.Fact, ...], str]] = [
        ((hormone(), vigabatrin("2027-01-07"), eeg("2027-01-18", bad=True)), "2027-02-20"),
        ((hormone(), vigabatrin("2027-01-08"), eeg("2027-01-21", bad=True)), "2027-02-20"),
        ((hormone(), vigabatrin("2027-01-04"), stop), "2027-03-01"),
        ((hormone("2027-01-04"), eeg("2027-01-17", minutes=90)), "2027-03-01"),
        ((hormone("2027-01-04"), eeg("2027-01-16", bad=True)), "2027-03-01"),
        ((hormone("2027-01-04"), eeg("2027-01-18", minutes=89)), "2027-03-01"),
        ((hormone("2027-01-04"), eeg("2027-01-18", based=3)), "2027-03-01"),
        ((hormone("2027-01-04"), eeg("2027-01-18", based=4)), "2027-03-01"),
        ((hormone(), eeg("2027-01-18"), fact(f.SpasmReport, "2027-01-19")), "2027-03-01"),
        ((hormone(), eeg("2027-01-18"), fact(f.SpasmReport, "2027-01-17")), "2027-03-01"),
        ((hormone(), eeg("2027-01-18"), fact(f.SpasmReport, "2027-01-16")), "2027-03-01"),
        ((hormone(), pressure("2027-01-06", 130, known="2027-01-08")), "2027-03-01"),
        ((hormone(), pressure("2027-01-06", 130, known="2027-01-09")), "2027-03-01"),
        ((hormone(), fact(f.TransferOut, "2027-01-06")), "2027-01-20"),
        ((hormone(), fact(f.Symptom, "2027-01-06", temp_c=Decimal("38.0"))), "2027-01-20"),
        ((hormone(), fact(f.Symptom, "2028-02-01", temp_c=Decimal(40))), "2028-02-02"),
        ((hormone(), fact(f.Symptom, "2028-02-20", temp_c=Decimal(40))), "2028-02-21"),
        ((hormone(), fact(f.Exposure, "2027-01-06", agent="measles")), "2027-01-20"),
        ((hormone(), fact(f.Exposure, "2027-01-06", agent="varicella")), "2027-01-20"),
        ((vigabatrin(), fact(f.VisionExam, "2026-12-07", result=f.VisionResult.ABNORMAL)), "2027-09-01"),
        ((hormone(), *_second_hormone()), "2027-03-01"),
    ]
    edge += [
        (
            (hormone(), fact(f.VaccineScheduled, "2027-01-06", live=True, name="MMR", planned_on=day(on))),
            "2027-01-20",
        )
        for on in ("2027-02-28", "2027-03-01", "2027-03-31", "2027-04-01", "2027-04-30", "2027-05-01")
    ]
    mine = [(f.Facts(child=child, facts=facts), day(until)) for facts, until in edge]
    readings = [(facts, day("2027-03-01")) for sex in ("m", "f") for facts in _readings(sex)]
    return [*shared, *mine, *readings]


def _second_hormone() -> tuple[f.Fact, ...]:
    second = replace(hormone("2027-01-19", "2027-02-16", drug="ACTH"), id="second")
    return (eeg("2027-01-18", bad=True), second, eeg("2027-02-02", bad=True))


HISTORIES = _histories()


def _outcome(pathway: PathwayEdition, facts: f.Facts, until: Any) -> str:
    replay = Replay(pathway, facts, EVERY_DAY)
    plan = plan_of(replay, replay.advance(until))
    checks = [(c.key, str(c.opens_on), str(c.due_on), str(c.closes_on), c.state.value) for c in plan.checks]
    rises = [
        (e.rule, e.cause_key, str(e.raised_on), str(e.resolved_on), str(e.act_by)) for e in plan.escalations
    ]
    steps = [str(step.to_on) for e in plan.escalations for step in e.because.steps]
    said = (plan.verdict.value.value, str(plan.verdict.response_on))
    return json.dumps([checks, rises, steps, said])


BASELINE = [_outcome(REFERENCE, facts, until) for facts, until in HISTORIES]
OTHERS = {
    key: [_outcome(replace(REFERENCE, adopted_definition=key), facts, until) for facts, until in HISTORIES]
    for key in OTHER_DEFINITIONS
}


def _matters(path: tuple[Any, ...], by: int) -> bool:
    changed = _changed(REFERENCE, path, by)
    adopted = {REFERENCE.adopted_definition: BASELINE}
    if path[0] == "definitions" and path[1] > 0:
        key = REFERENCE.definitions[path[1]].key
        changed, adopted = replace(changed, adopted_definition=key), {key: OTHERS[key]}
    (baseline,) = adopted.values()
    return any(
        _outcome(changed, facts, until) != before
        for (facts, until), before in zip(HISTORIES, baseline, strict=True)
    )


def _cannot_matter(path: tuple[Any, ...]) -> bool:
    """Numbers that another number makes idle, or that name a column.

    A course of an earlier episode began at least four days before the later one, whose evidence counts from
    day 13: it has always run long enough. The youngest row of the table serves younger children too.
    """
    if path[-1] == "value":
        return "percentile" in _name(path)
    youngest = path[-1] == "from_month" and REFERENCE.bp_table.rows[path[2]].from_month == 1
    return youngest or bool(path[-1] == "running_course_counts_after_days")


@pytest.mark.parametrize("path", [p for p in _numbers(REFERENCE) if not _cannot_matter(p)], ids=_name)
def test_changing_a_number_changes_an_answer(path: tuple[Any, ...]) -> None:
    assert _matters(path, 1) or _matters(path, -1)

"""Every worked timeline comes out as written under the reference pathway."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from protocols.engine.pathway import Span
from protocols.library_files.pathways import read_pathway_file
from protocols.simulate import simulate
from protocols.timelines import read_timelines

DATA = Path(__file__).parents[2] / "data"
TEXT = (DATA / "timelines.json").read_text(encoding="utf-8")
EXPECTED: dict[str, dict[str, Any]] = {s["id"]: s["expected"] for s in json.loads(TEXT)["scenarios"]}
TIMELINES = {timeline.id: timeline for timeline in read_timelines(TEXT)[0]}
REFERENCE = read_pathway_file("iess-reference")


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_worked_timeline_raises_exactly_what_it_should_on_the_day_it_should(name: str) -> None:
    expected = EXPECTED[name]

    replayed = simulate(REFERENCE, TIMELINES[name])

    raised = [(e["rule"], e["raised_on"], e["withdrawn_on"], e["urgency"]) for e in replayed["escalations"]]
    assert raised == [
        (e["rule"], e["fires_on"], e.get("withdrawn_on"), e["urgency"]) for e in expected["escalations"]
    ]
    assert replayed["response_on"] == expected.get("response_on", replayed["response_on"])
    resolved = {e["rule"]: e["resolved_on"] for e in replayed["escalations"]}
    for escalation in expected["escalations"]:
        assert resolved[escalation["rule"]] == escalation.get("resolved_on", resolved[escalation["rule"]])


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_worked_timeline_shows_the_due_days_it_should(name: str) -> None:
    replayed = simulate(REFERENCE, TIMELINES[name])

    for state in EXPECTED[name]["due_state"]:
        due = replayed["due"][state["as_of"]]
        assert {code: due.get(code) for code in state["due"]} == state["due"]


def test_the_names_and_recipients_of_the_rules_are_those_of_the_worked_table() -> None:
    table = json.loads(TEXT)["protocol_under_test"]["rules"]

    for rule in REFERENCE.escalation_rules:
        told = [f"{r.role} ({r.purpose})" if r.purpose else str(r.role) for r in rule.recipients]
        assert (rule.name, rule.urgency.value, told) == (
            table[rule.code]["name"],
            table[rule.code]["urgency"],
            table[rule.code]["to"],
        )
    assert {rule.code for rule in REFERENCE.escalation_rules} == set(table)


def test_the_numbers_of_the_reference_are_those_of_the_worked_table() -> None:
    table = json.loads(TEXT)["protocol_under_test"]
    sexes = {"boys": "m", "girls": "f"}

    rows = {
        (r.sex.value, r.from_month): [r.sbp90, r.dbp90, r.sbp95, r.dbp95] for r in REFERENCE.bp_table.rows
    }
    checks = {(rule.code, rule.part): rule for rule in REFERENCE.monitoring_rules}
    (eeg,) = checks["EEG14", ""].windows
    (first_exam,), (last_exam,) = checks["VISION", ""].windows, checks["VISION", "after-stop"].windows

    assert rows == {
        (sexes[name], int(month)): limits
        for name in sexes
        for month, limits in table["bp_fixture"][name].items()
    }
    assert checks["BP", ""].longest_gap == Span(count=table["bp_checks"]["max_gap_days"])
    assert [eeg.opens.count, eeg.closes and eeg.closes.count] == table["eeg14"]["window_t"]
    assert (eeg.due.count, REFERENCE.eeg.counts_from_day) == (
        table["eeg14"]["target_t"],
        table["eeg14"]["accept_from_t"],
    )
    assert [first_exam.opens.count, first_exam.due.count] == table["vision"]["baseline_window_days"]
    assert [last_exam.opens.count, last_exam.due.count] == table["vision"]["after_stop_months"]
    assert checks["VGB-REVIEW", ""].windows[0].due.count == table["vigabatrin_review_months"]

"""The simulate command: what it prints, what it refuses, what it warns about."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from protocols import commandline
from protocols.simulate import main
from protocols.timelines import TimelinesUnreadable, read_timelines
from tests.protocols.review.stories import clean_eeg, corrected, happened, hormone, pressures

SHARED = Path(__file__).parents[2] / "data" / "timelines.json"


def timeline(*events: Any, **said: Any) -> dict[str, Any]:
    return {
        "id": "A",
        "patient": {"sex": "f", "dob": "2026-06-20"},
        "observe_until": "2027-01-10",
        "events": list(events),
        **said,
    }


def written(tmp_path: Path, tree: object) -> str:
    path = tmp_path / "timelines.json"
    path.write_text(tree if isinstance(tree, str) else json.dumps(tree), encoding="utf-8")
    return str(path)


def mistakes(tree: object) -> list[str]:
    with pytest.raises(TimelinesUnreadable) as refused:
        read_timelines(tree if isinstance(tree, str) else json.dumps(tree))
    return [str(mistake) for mistake in refused.value.mistakes]


def test_it_prints_one_answer_a_timeline(capsys: pytest.CaptureFixture[str]) -> None:
    assert commandline.main(["simulate", str(SHARED)]) == 0

    answers = json.loads(capsys.readouterr().out)
    assert len(answers) == 34
    assert answers["T44"]["escalations"] == [
        {
            "rule": "E01",
            "raised_on": "2027-01-22",
            "urgency": "urgent",
            "because": answers["T44"]["escalations"][0]["because"],
            "withdrawn_on": None,
            "resolved_on": "2027-01-23",
        }
    ]
    assert set(answers["T44"]) == {"escalations", "response_on", "verdict", "due"}
    assert list(answers["T44"]["due"]) == sorted(answers["T44"]["due"])


def test_the_table_is_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(SHARED), "--format", "table", "--pathway", "iess-first-line"]) == 0

    said = capsys.readouterr().out
    assert "T28: cannot_tell, response not established" in said
    assert "2027-01-09  E08d  emergency withdrawn 2027-01-10" in said
    assert "nothing due" in said


@pytest.mark.parametrize("tree", [[timeline(hormone("2027-01-04"))], timeline(hormone("2027-01-04"))])
def test_a_list_or_a_single_timeline_is_read_too(tree: object, tmp_path: Path) -> None:
    assert main([written(tmp_path, tree)]) == 0


def test_what_cannot_be_read_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "nothing.json")]) == 2
    assert main([written(tmp_path, "{")]) == 2
    assert main([str(SHARED), "--pathway", "other"]) == 2

    said = capsys.readouterr().err
    assert "cannot be read" in said
    assert "this is not JSON" in said
    assert "there is no pathway other; known: iess-first-line, iess-reference" in said


def test_an_unknown_key_is_a_warning(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    event = happened("2027-01-04", "bp", sbp=92, mood="good")

    assert main([written(tmp_path, [timeline(event, colour="red")])]) == 0

    said = capsys.readouterr().err
    assert "warning: [0].events[0].data.mood: unknown key, not used" in said
    assert "warning: [0].colour: unknown key, not used" in said


def test_every_mistake_of_a_file_is_said_with_its_path() -> None:
    wrong = timeline(
        {"at": "2027-01-04", "type": "party"},
        "nothing",
        {"at": "2027-01-04", "type": "med_start", "data": {"drug": 5, "class": "herbal"}},
        {"at": "soon", "type": "bp", "data": {"sbp": True}},
        {"type": "spasm", "known_at": "2027-01-05", "data": {}},
        {"at": "2027-01-05", "type": "correction", "data": {"corrects": "x", "replace": {}}},
        {"at": "2027-01-05", "type": "spasm", "id": "same", "data": {}},
        {"at": "2027-01-06", "type": "spasm", "id": "same", "data": {}},
        {"at": "2027-01-05", "type": "correction", "data": {"corrects": "same"}},
        {"at": "2027-01-05", "type": "correction", "id": "c", "data": {"corrects": "d", "replace": {}}},
        {"at": "2027-01-05", "type": "correction", "id": "d", "data": {"corrects": "c", "replace": {}}},
        patient={"sex": "x", "dob": 7},
        observe_until=None,
        timezone="Mars/Crater",
    )

    said = mistakes([wrong, timeline(happened("2027-02-01", "spasm")), 5])

    assert [line for line in said if line.startswith("[0].events[2]")] == [
        "[0].events[2].data.drug: text is wanted here, not 5",
        "[0].events[2].data.class: 'herbal' is not one of hormonal, vigabatrin",
    ]
    for part in (
        "[0].observe_until: a date like 2027-01-04 is missing",
        "[0].timezone: 'Mars/Crater' is not a time zone like America/Chicago",
        "[0].patient.sex: 'x' is not one of m, f",
        "[0].patient.dob: a date like 2027-01-04 is wanted here, not 7",
        "[0].events[0].type: unknown type 'party'; known: med_start,",
        "[0].events[1]: an event is wanted here: at, type, data",
        "[0].events[3].at: 'soon' is not a date like 2027-01-04",
        "[0].events[3].data.sbp: a whole number is wanted here, not True",
        "[0].events[4].at: a date like 2027-01-04 is missing",
        "[0].events[5].data.corrects: there is no event 'x'",
        "[0].events[7].id: the id same stands here for two different events",
        "[0].events[8].data.replace: what to replace is wanted here: at, data",
        "[0].events[10].data.corrects: there is no event 'c'",
        "[2]: a timeline is wanted here",
    ):
        assert any(line.startswith(part) for line in said), part


def test_a_timeline_says_who_when_and_what() -> None:
    assert mistakes([timeline(happened("2027-02-01", "spasm"))]) == [
        "[0].observe_until: 2027-01-10 lies before the first event (2027-02-01)"
    ]
    assert mistakes([timeline()]) == ["[0].events: a list of at least one event is wanted here"]
    assert mistakes([timeline(happened("2027-01-04", "spasm"), patient=None)])[0].startswith("[0].patient: ")
    assert mistakes({"x": 1})[0].startswith("file: scenarios")
    twice = [timeline(happened("2027-01-04", "spasm"))] * 2
    assert mistakes(twice) == ["scenarios: the id A stands here more than once"]


def test_two_corrections_of_one_event_follow_each_other() -> None:
    events = [
        hormone("2027-01-04"),
        *pressures("2027-01-04", "2027-01-07"),
        happened("2027-01-08", "bp", name="b", sbp=92, dbp=54),
        corrected("2027-01-09", "b", sbp=150),
        corrected("2027-01-10", "b", moved_to="2027-01-09", dbp=60),
        clean_eeg("2027-01-09", known="2027-01-10"),
    ]

    (read,), _ = read_timelines(json.dumps(timeline(*events)))
    chain = [fact for fact in read.facts.facts if fact.corrects is not None]

    assert [(fact.corrects, str(fact.on)) for fact in chain] == [
        ("b", "2027-01-08"),
        ("event-005", "2027-01-09"),
    ]
    assert [(fact.sbp, fact.dbp) for fact in chain] == [(150, 54), (150, 60)]  # type: ignore[attr-defined]


def test_correcting_a_correction_is_correcting_its_event() -> None:
    events = [
        happened("2027-01-05", "bp", name="b", sbp=150),
        {**corrected("2027-01-06", "b", sbp=92), "id": "c"},
        corrected("2027-01-07", "c", sbp=95),
    ]

    (read,), _ = read_timelines(json.dumps(timeline(*events)))

    assert [(fact.corrects, fact.sbp) for fact in read.facts.facts] == [  # type: ignore[attr-defined]
        (None, 150),
        ("b", 92),
        ("c", 95),
    ]


def test_the_same_event_delivered_again_is_one_event() -> None:
    event = happened("2027-01-05", "bp", name="b", sbp=150)

    (read,), _ = read_timelines(json.dumps(timeline(event, {**event, "known_at": "2027-01-06"})))

    assert [fact.id for fact in read.facts.facts] == ["b"]


@pytest.mark.parametrize(
    ("zone", "on"), [("America/Chicago", "2027-01-04"), ("Asia/Tokyo", "2027-01-05"), ("", "2027-01-05")]
)
def test_a_moment_stands_for_its_date_in_the_zone_of_the_timeline(zone: str, on: str) -> None:
    event = happened("2027-01-05T03:30:00+00:00", "bp", sbp=92)

    (read,), _ = read_timelines(json.dumps(timeline(event, timezone=zone)))

    assert str(read.facts.facts[0].on) == on


@pytest.mark.parametrize(
    ("said", "known"),
    [({"hypsarrhythmia": False}, False), (True, True), ("hypsarrhythmia", None), (None, None)],
)
def test_a_baseline_eeg_is_understood_where_it_says_yes_or_no(said: object, known: bool | None) -> None:
    event = happened("2027-01-05", "bp", sbp=92)

    (read,), _ = read_timelines(json.dumps(timeline(event, patient={"baseline_eeg": said})))

    assert read.facts.child.baseline_hypsarrhythmia is known

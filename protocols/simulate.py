"""The simulate command: replay timelines from a file under a pathway of the library."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from protocols.engine.replay import Replay
from protocols.engine.review import escalations_of, open_checks
from protocols.engine.verdict import verdict_of
from protocols.engine.workdays import EVERY_DAY
from protocols.library_files.pathways import pathway_files, read_pathway_file
from protocols.refusal import Refusal
from protocols.timelines import read_timelines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from protocols.engine.pathway import PathwayEdition
    from protocols.engine.picture import Picture
    from protocols.engine.plan import Escalation
    from protocols.timelines import Timeline

UNREADABLE = 2
DEFAULT_PATHWAY = "iess-reference"


def simulate(pathway: PathwayEdition, timeline: Timeline) -> dict[str, Any]:
    """One timeline replayed day by day: what rose, what was due on each day, and whether it worked."""
    replay = Replay(pathway, timeline.facts, EVERY_DAY)
    due: dict[str, dict[str, str]] = {}
    day = timeline.first_on
    while day <= timeline.observe_until:
        due[day.isoformat()] = _due(replay.advance(day))
        day += timedelta(days=1)
    picture = replay.advance(timeline.observe_until)
    return {
        "escalations": [_escalation(escalation) for escalation in escalations_of(picture)],
        "response_on": _response_on(picture),
        "verdict": verdict_of(picture).value.value,
        "due": due,
    }


def _response_on(picture: Picture) -> str | None:
    """The day response was last established; a relapse and the treatment after it do not unsay it."""
    days = (picture.judgement(episode).response_on for episode in reversed(picture.episodes))
    return next((day.isoformat() for day in days if day is not None and picture.reached(day)), None)


def _due(picture: Picture) -> dict[str, str]:
    """The due day of each open check, by code: of the newest anchor where a code is open more than once, and
    of its windows the one due first.
    """
    ordered = sorted(open_checks(picture), key=lambda check: (check.anchor_on, -check.due_on.toordinal()))
    return {check.code: check.due_on.isoformat() for check in ordered}


def _escalation(escalation: Escalation) -> dict[str, Any]:
    because = escalation.because
    steps = [f"{s.label}: {s.from_on} + {s.step} = {s.to_on}" for s in because.steps]
    return {
        "rule": escalation.rule,
        "raised_on": escalation.raised_on.isoformat(),
        "urgency": escalation.urgency.value,
        "because": [because.sentence, *steps],
        "withdrawn_on": escalation.withdrawn_on.isoformat() if escalation.withdrawn_on else None,
        "resolved_on": escalation.resolved_on.isoformat() if escalation.resolved_on else None,
    }


def main(argv: Sequence[str]) -> int:
    """Run the command: 0 when the file was replayed, 2 when it cannot be."""
    options = _parser().parse_args(argv)
    try:
        answer = _run(options)
    except Refusal as refusal:
        sys.stderr.write(f"{refusal}\n")
        return UNREADABLE
    text = json.dumps(answer, indent=1, ensure_ascii=False) if options.format == "json" else _table(answer)
    sys.stdout.write(f"{text}\n")
    return 0


class CannotRead(Refusal):
    """The file or the pathway is not there."""

    code = "simulate-cannot-read"


def _run(options: argparse.Namespace) -> dict[str, Any]:
    known = pathway_files()
    if options.pathway not in known:
        raise CannotRead(f"there is no pathway {options.pathway}; known: {', '.join(known)}")
    try:
        text = Path(options.file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CannotRead(f"{options.file} cannot be read: {error}") from error
    timelines, warnings = read_timelines(text)
    for warning in warnings:
        sys.stderr.write(f"warning: {warning}\n")
    pathway = read_pathway_file(options.pathway)
    return {timeline.id: simulate(pathway, timeline) for timeline in timelines}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="manage.py simulate", description=__doc__)
    parser.add_argument("file", metavar="FILE", help="a JSON file of timelines")
    parser.add_argument("--pathway", default=DEFAULT_PATHWAY, help="a pathway of the library, by its key")
    parser.add_argument("--format", choices=("json", "table"), default="json")
    return parser


def _table(answer: dict[str, Any]) -> str:
    """The answer for people: what rose, and the days on which the due list changed."""
    lines: list[str] = []
    for name, replayed in answer.items():
        response = replayed["response_on"] or "not established"
        lines += ["", f"{name}: {replayed['verdict']}, response {response}"]
        for rose in replayed["escalations"]:
            lines.append(_row(rose))
            lines += [f"        {line}" for line in rose["because"]]
        before = None
        for day, due in replayed["due"].items():
            if due != before:
                listed = ", ".join(f"{code} {on}" for code, on in sorted(due.items())) or "nothing due"
                lines.append(f"    {day}  {listed}")
            before = due
    return "\n".join(lines[1:])


def _row(rose: dict[str, Any]) -> str:
    ends = [f"{word} {rose[key]}" for word, key in _ENDS if rose[key] is not None]
    return f"    {rose['raised_on']}  {rose['rule']:<5} {rose['urgency']:<9} {'; '.join(ends)}".rstrip()


_ENDS = (("withdrawn", "withdrawn_on"), ("resolved", "resolved_on"))

"""Below an edge, `now` and `as_of` are arguments. ruff says so too; this, whatever the alias."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.packages import ROOT, source_files

CLOCK_READS = {"now", "today", "utcnow", "localdate", "localtime", "time", "time_ns", "monotonic"}
CLOCKS = {"datetime", "date", "timezone", "time"}
EDGES = {"tasks.py", "views.py", "commandline.py"}
EDGE_FOLDERS = {"commands"}


def below_an_edge(path: Path) -> bool:
    return path.name not in EDGES and not EDGE_FOLDERS & set(path.parts)


def clock_reads(path: Path) -> list[int]:
    """Lines with datetime.now, timezone.now, date.today, time.time and their like, called or only named."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in CLOCK_READS
        if isinstance(node.value, (ast.Name, ast.Attribute))
        if (node.value.id if isinstance(node.value, ast.Name) else node.value.attr) in CLOCKS
    ]


FILES = [path for path in source_files("protocols", "clinic", "notifications") if below_an_edge(path)]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_nothing_below_an_edge_reads_the_clock(path: Path) -> None:
    assert clock_reads(path) == []

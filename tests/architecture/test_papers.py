"""What is written down about decisions can be referred to by its number."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ADRS = sorted((ROOT / "docs" / "adr").glob("*.md"))


def test_each_decision_has_a_number_of_its_own_and_bears_it_in_its_title() -> None:
    numbers = [int(paper.name[:4]) for paper in ADRS]
    titles = [paper.read_text().partition("\n")[0] for paper in ADRS]

    assert len(set(numbers)) == len(numbers) > 0
    assert all(title.startswith(f"# {number}. ") for number, title in zip(numbers, titles, strict=True))


def test_each_known_bug_has_a_test_that_bears_its_number() -> None:
    table = (ROOT / "docs" / "known-bugs.md").read_text()
    rows = re.findall(r"^\| B(\d+) \|.*\| (.*) \|$", table, flags=re.MULTILINE)
    files = [(number, name) for number, named in rows for name in re.findall(r"`(.*?)`", named)]

    assert [int(number) for number, _ in rows] == list(range(1, 24))
    assert len(files) >= len(rows)
    for number, name in files:
        assert re.search(rf"def test_\w*b{number}_", (ROOT / "tests" / name).read_text()), (number, name)

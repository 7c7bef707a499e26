"""What is written down about decisions can be referred to by its number."""

from __future__ import annotations

from pathlib import Path

ADRS = sorted((Path(__file__).parents[2] / "docs" / "adr").glob("*.md"))


def test_each_decision_has_a_number_of_its_own_and_bears_it_in_its_title() -> None:
    numbers = [int(paper.name[:4]) for paper in ADRS]
    titles = [paper.read_text().partition("\n")[0] for paper in ADRS]

    assert len(set(numbers)) == len(numbers) > 0
    assert all(title.startswith(f"# {number}. ") for number, title in zip(numbers, titles, strict=True))

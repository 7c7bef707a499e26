"""The library leads to what the sources say, and no number in it can change without a test that fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from protocols.describing.page import page_of, sources_page
from protocols.library_files.library import (
    SHIPPED,
    Library,
    LibraryInvalid,
    library_from,
    rows_of,
    texts_in,
)
from protocols.library_files.yaml_text import read_tree, write_tree
from protocols.refusal import Refusal
from tests.protocols.dosing.calendars import library
from tests.protocols.dosing.checks import differences

TEXTS = texts_in(SHIPPED)
ROWS = rows_of(TEXTS)
Path = tuple[str | int, ...]


def test_the_library_leads_to_what_the_sources_say() -> None:
    assert list(differences(library())) == []


def leaves(tree: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from leaves(value, (*path, key))
    elif isinstance(tree, list):
        for position, value in enumerate(tree):
            yield from leaves(value, (*path, position))
    else:
        yield path, tree


def replaced(tree: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    head, *rest = path
    items = dict(tree.items()) if isinstance(tree, dict) else dict(enumerate(tree))
    items[head] = replaced(items[head], tuple(rest), value)
    return items if isinstance(tree, dict) else list(items.values())


def is_numeral(value: Any, path: Path) -> bool:
    """A number, or a choice's value written as one; not the number of an edition."""
    if isinstance(value, Decimal):
        return True
    return isinstance(value, str) and path[-1] in {"default", "value"} and value.isdecimal()


def other_numbers(value: Any) -> Iterator[Any]:
    number = Decimal(value)
    changed = (number + 1, number - 1) if number == number.to_integral_value() else (number * 2, number / 2)
    for one in changed:
        yield one if isinstance(value, Decimal) else str(one)


def mutated(file: str, path: Path, value: Any) -> Library | None:
    """The library with one value changed; None where its own checks already refuse it."""
    tree = read_tree(TEXTS[file], path=file, mistakes=[])
    try:
        changed = rows_of({file: write_tree(replaced(tree, path, value))})
        return library_from({**ROWS, **changed})
    except LibraryInvalid:
        return None


def numerals(file: str) -> list[tuple[Path, Any]]:
    tree = read_tree(TEXTS[file], path=file, mistakes=[])
    return [(path, value) for path, value in leaves(tree) if is_numeral(value, path)]


FILES_WITH_NUMBERS = [file for file in TEXTS if numerals(file)]


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES_WITH_NUMBERS)
def test_no_number_can_change_unnoticed(file: str) -> None:
    protocol = file.removeprefix("protocols/").removesuffix(".yaml") if "protocols/" in file else None

    unnoticed = [
        (path, value, other)
        for path, value in numerals(file)
        for other in other_numbers(value)
        if (changed := mutated(file, path, other)) is not None
        and not any(True for _ in differences(changed, protocol=protocol or "none"))
    ]

    assert unnoticed == []


def text_numbers(file: str) -> Iterator[tuple[Path, str]]:
    """Texts with a figure in them: disputes, notes, citations."""
    tree = read_tree(TEXTS[file], path=file, mistakes=[])
    for path, value in leaves(tree):
        if isinstance(value, str) and re.search(r"\d", value) and not is_numeral(value, path):
            yield path, value


# drug -> a protocol on whose page it stands
SHOWN_ON = {
    "acth-gel": "acth-hrachovy-low",
    "acth-z": "acth-japan-stepup",
    "prednisolone": "prednisolone-ukiss",
    "tetracosactide": "acth-tetracosactide-ukiss",
    "vigabatrin": "vigabatrin-ukiss",
}


def printed_from(file: str, changed: Library) -> str:
    """The page that shows what a file says."""
    folder, _, name = file.removesuffix(".yaml").rpartition("/")
    if not folder:
        return sources_page(changed) + str([one.cited for one in changed.measurements.values()])
    key = name if folder == "protocols" else SHOWN_ON[name]
    try:
        return page_of(changed.editions[key], library=changed)
    except Refusal as refusal:
        return refusal.sentence


@pytest.mark.slow
@pytest.mark.parametrize("file", list(TEXTS))
def test_no_figure_in_a_text_can_change_without_its_page(file: str) -> None:
    printed = printed_from(file, library())

    unnoticed = []
    for path, value in text_numbers(file):
        other = re.sub(r"\d", lambda figure: str((int(figure[0]) + 1) % 10), value, count=1)
        changed = mutated(file, path, other)
        if changed is not None and printed_from(file, changed) == printed:
            unnoticed.append((path, value))

    assert unnoticed == []

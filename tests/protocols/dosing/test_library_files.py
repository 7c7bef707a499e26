"""The library as files: nothing is lost, every mistake is found at once, with its path."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from protocols.commandline import main
from protocols.describing.command import check_pages, write_pages
from protocols.engine.regimen import ProtocolEdition
from protocols.library_files.library import (
    SHIPPED,
    LibraryInvalid,
    library_of,
    normalised,
    read_edition,
    read_library,
    texts_in,
    write_file,
)
from protocols.refusal import Refusal
from tests.protocols.dosing.calendars import library

TEXTS = texts_in(SHIPPED)
PREDNISOLONE = "protocols/prednisolone-ukiss.yaml"
US_LABEL = "protocols/vigabatrin-us-label.yaml"
COMBINATION = "protocols/combination-iciss.yaml"
VIGABATRIN = "drugs/vigabatrin.yaml"


@pytest.mark.parametrize("path", list(TEXTS))
def test_a_file_read_and_written_again_is_the_same_byte_by_byte(path: str) -> None:
    assert normalised(path, TEXTS[path]) == TEXTS[path]


@pytest.mark.parametrize("key", list(library().editions))
def test_an_edition_written_and_read_again_is_the_same_value(key: str) -> None:
    edition = library().editions[key]

    assert read_edition(write_file(edition), library=library()) == edition


def test_another_way_of_writing_says_the_same() -> None:
    text = TEXTS[PREDNISOLONE]
    odd = "# a remark\n" + text.replace("{unit: days, count: 14}", "\n      count: 14\n      unit: days\n")

    assert odd != text
    assert normalised(PREDNISOLONE, odd) == text


def test_decimals_keep_their_digits() -> None:
    text = TEXTS[PREDNISOLONE].replace("amount: 20\n", "amount: 20.050\n")

    edition = read_edition(text, library=library())

    assert str(edition.phases[0].steps[1].amount) != ""
    assert "amount: 20.050" in write_file(edition)


def mistakes_of(*changes: tuple[str, str], path: str = PREDNISOLONE) -> list[str]:
    text = TEXTS[path]
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    with pytest.raises(LibraryInvalid) as refused:
        library_of({**TEXTS, path: text})
    return [str(mistake) for mistake in refused.value.mistakes]


def test_all_mistakes_are_found_at_once_each_with_its_path() -> None:
    found = mistakes_of(
        ("amount: 10\n", "amount: much\n"),
        ("purpose: full-dose", "purpose: cure"),
        ("times: 4", "tims: 4"),
        ("edition: '1'", "edition: 1"),
        ("cited: [V2 S24]", "cited: [S24]"),
    )

    where = [f"{PREDNISOLONE}: {path}" for path in ("edition", "phases[0].purpose", "phases[0].steps[0]")]
    assert [one.partition(": ")[0] for one in found] == [PREDNISOLONE] * 5
    assert found[0] == f'{where[0]}: text is wanted here, not "1"'
    assert found[1] == f'{where[1]}: "cure" is not one of titration, full-dose, maintenance, taper'
    assert found[2].startswith(f"{where[2]}.tims: unknown key; known here: drug, unit, basis")
    assert found[3] == f"{where[2]}.amount: keys are wanted here: number, choice"
    assert found[4].startswith(f'{where[2]}.cited[0]: a citation is wanted here, like "V S24 (dose)"')


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        (
            ("key: prednisolone-ukiss", "key: other"),
            "key: the file is named prednisolone-ukiss, its key is other",
        ),
        (("name: Prednisolone, UKISS\n", ""), ": name: this is missing"),
        (("times: 4", "times: [4]"), "phases[0].steps[0].times: keys are wanted here"),
        (("times: 4", "times: 4.5"), "times: this is a whole number, 1 or more"),
        (("times: 4", "times: 0"), "times: this is a whole number, 1 or more"),
        (("times: 4", "times: {choice: nothing}"), "times: no choice nothing; known: times_at_40_mg"),
        (("times: 4", "times: {}"), "a number or a choice: exactly one of the two"),
        (("        times: 4\n", ""), "times: an amount per dose needs the number of doses a day"),
        (("amount: 20", "amount: -20"), "amount: this is a number more than 0"),
        (("unit: mg", "unit: U"), "unit: prednisolone is written in mg; units are never converted"),
        (("drug: prednisolone", "drug: syrup"), "drug: no drug syrup; known: acth-gel"),
        (("condition: week-2-dose", "condition: week-3"), "condition: no condition week-3 in this edition"),
        (("        branch: taken\n", ""), "branch: a condition and the branch it leads to belong together"),
        (("V2 S24", "V2 S999"), "no source S999 in the list of sources"),
        (("V2 S24", "V2"), "what was read (V, V2) names its source"),
        (("        cited: [V2 S24]\n", ""), "steps[0]: this row has numbers: cite where they come from"),
        (("count: 15", "count: 16"), "phases[1].steps: no step covers day 16 of the phase"),
        (("count: 15", "count: 14"), "phases[1].steps[4].to_day: the phase has 14 days"),
        (("count: 14", "count: 0"), "phases[0].length.count: this is a whole number, 1 or more"),
        (
            ("{unit: days, count: 14}", "{unit: ramp}"),
            "a phase is as long as a ramp exactly where it has one",
        ),
        (("to_day: 5", "to_day: 6"), "from day 6 of the phase on a later row"),
        (("from_day: 6", "from_day: 0"), "from_day: days count from 1"),
        (("asked_on_day: 7", "asked_on_day: 9"), "conditions[0]: asked on a day of the course"),
        (("    minimum: 1\n", ""), "choices[0]: list the allowed values, or give a minimum and a maximum"),
        (
            ("    maximum: 4\n", "    maximum: 4\n    default: '5'\n"),
            "default: allowed here: whole numbers 1 to 4",
        ),
        (("    whole: true\n", ""), "times: this is a whole number, 1 or more"),
        (("    whole: true\n", "    whole: aye\n"), 'whole: true or false is wanted here, not "aye"'),
        (("from_day: 8", "from_day: 8.5"), 'from_day: a whole number is wanted here, not "8.5"'),
        (("from_day: 8", "from_day:"), "from_day: a whole number is wanted here, not nothing"),
        (("summary: ", "key: again\nsummary: "), "key: this key stands here twice"),
        (("phases:\n", "phases: [\n"), "this is not YAML"),
        (
            ("convention: first-dose-is-day-1", "convention: {a: b}"),
            "a map is not one of first-dose-is-day-1",
        ),
        (("definition: ukiss", "definition: [a]"), "definition: text is wanted here, not a list"),
    ],
)
def test_a_mistake_is_named_where_it_is(change: tuple[str, str], mistake: str) -> None:
    found = mistakes_of(change)

    assert any(mistake in one for one in found), found


@pytest.mark.parametrize(
    ("path", "change", "mistake"),
    [
        (VIGABATRIN, ("drug: vigabatrin\n", "drug: acth-gel\n"), "products[0].drug: this file is about"),
        (VIGABATRIN, ("step: 0.1", "step: 0"), "products[0]: strength and step must be more than 0"),
        (VIGABATRIN, ("V2 S43", "V2 S0"), "no source S0"),
        (VIGABATRIN, ("key: vigabatrin\n", "key: vgb\n"), "the file is named vigabatrin"),
        (COMBINATION, ("prednisolone-ukiss", "pred"), "parts[0].protocol: no protocol pred"),
        (COMBINATION, ("equals: prednisolone", "equals: both"), "hormone can be prednisolone"),
        (US_LABEL, ("start: 50", "start: 0"), "ramp.start: this is a number more than 0"),
        (US_LABEL, ("{unit: ramp}", "{unit: ramp, count: 3}"), "a ramp says itself how"),
        (US_LABEL, ("times: 2\n", "amount: 5\n        times: 2\n"), "an amount or a ramp"),
        (US_LABEL, ("value: '25'", "value: much"), "ramp.by: this is a number more than"),
        (US_LABEL, ("amount: 150", "amount: 0"), "maxima[0].amount: a maximum is more"),
        (US_LABEL, ("name: interval_days", "name: target"), "two choices have this name"),
    ],
)
def test_a_mistake_elsewhere_is_named_too(path: str, change: tuple[str, str], mistake: str) -> None:
    found = mistakes_of(change, path=path)

    assert any(mistake in one for one in found), found


def test_an_edition_without_phases_and_parts_is_nothing() -> None:
    text = "key: empty\nedition: '1'\nname: Empty\nsummary: Nothing.\n"

    with pytest.raises(LibraryInvalid, match="has phases of its own or combines parts"):
        read_edition(text, library=library())


def test_a_phase_without_steps_is_nothing() -> None:
    text = TEXTS["protocols/acth-hrachovy-low.yaml"]
    start, end = text.index("    steps:\n"), text.index("  - name: To zero")

    with pytest.raises(LibraryInvalid, match="a phase needs a dose step"):
        read_edition(text[:start] + "    steps: []\n" + text[end:], library=library())


@pytest.mark.parametrize("text", ["", "- a\n- list\n", "just words\n", "key: 0x1F\nedition: .inf\n"])
def test_what_is_no_protocol_is_refused(text: str) -> None:
    with pytest.raises(LibraryInvalid):
        read_edition(text, library=library())


def test_yes_and_no_stay_words() -> None:
    text = TEXTS[PREDNISOLONE].replace("name: Prednisolone, UKISS", "name: no")

    assert read_edition(text, library=library()).name == "no"


def test_check_library_says_that_all_is_well_or_what_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "library"
    shutil.copytree(SHIPPED, folder)

    assert main(["check_library", str(folder)]) == 0
    assert "12 protocols, 8 products" in capsys.readouterr().out
    file = folder / PREDNISOLONE
    file.write_text("# a remark\n" + file.read_text())
    assert main(["check_library", str(folder)]) == 2
    assert "not written in the canonical way" in capsys.readouterr().err
    assert main(["check_library", str(folder), "--write"]) == 0
    assert file.read_text() == TEXTS[PREDNISOLONE]
    assert read_library(folder) == library()


def test_the_pages_are_those_of_the_library() -> None:
    check_pages(SHIPPED.parents[1] / "docs" / "protocols", library=library())


def test_a_stale_page_is_named(tmp_path: Path) -> None:
    write_pages(tmp_path, library=library())
    check_pages(tmp_path, library=library())
    (tmp_path / "vigabatrin-ema.md").write_text("old")

    with pytest.raises(Refusal, match=r"vigabatrin-ema.md differ from the library"):
        check_pages(tmp_path, library=library())


def test_describe_protocol_prints_one_page_or_says_which_there_are(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert main(["describe_protocol", "combination-iciss"]) == 0
    assert "# Hormone and vigabatrin together, ICISS" in capsys.readouterr().out
    assert main(["describe_protocol"]) == 2
    assert "known: acth-gel-us-label" in capsys.readouterr().err
    monkeypatch.chdir(tmp_path)
    assert main(["describe_protocol", "--check"]) == 2
    assert main(["describe_protocol", "--write"]) == 0
    assert main(["describe_protocol", "--check"]) == 0


def test_an_edition_is_a_value() -> None:
    edition = library().editions["prednisolone-ukiss"]

    assert hash(edition) == hash(read_library().editions["prednisolone-ukiss"])
    with pytest.raises(AttributeError):
        edition.name = "another"  # type: ignore[misc]
    assert isinstance(edition, ProtocolEdition)


def test_a_pathway_has_a_page_and_a_protocol_says_what_is_watched(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["describe_protocol", "iess-first-line"]) == 0
    pathway = capsys.readouterr().out
    assert main(["describe_protocol", "vigabatrin-ukiss"]) == 0
    protocol = capsys.readouterr().out

    assert "| EEG14 | EEG two weeks after the start |" in pathway
    assert "Act the same day." in pathway
    assert "## Watched meanwhile" in protocol
    assert "at most 3 months after the last one" in protocol
    assert "| BP |" not in protocol

"""Editions as files: out, in, and the same bytes again; a file with mistakes is refused with all of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from protocols import models
from protocols.library_files.library import SHIPPED
from tests.factories.protocols import lead

pytestmark = pytest.mark.usefixtures("library")


def exported(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    call_command("export_protocol", *words)
    return capsys.readouterr().out


@pytest.mark.parametrize("folder", ["protocols", "pathways"])
def test_every_shipped_file_is_exported_as_it_was_shipped(
    folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    files = sorted((SHIPPED / folder).glob("*.yaml"))
    assert files

    for path in files:
        assert exported(capsys, path.stem) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("prednisolone-ukiss", ("amount: 20", "amount: 15")),
        ("iess-reference", ("adequate_minutes: 90", "adequate_minutes: 60")),
    ],
)
def test_a_tailored_file_comes_in_as_a_draft_and_goes_out_the_same(
    key: str, change: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = exported(capsys, key).replace("edition: '1'", "edition: '1.9'").replace(*change)
    path = tmp_path / "ours.yaml"
    path.write_text(text, encoding="utf-8")

    call_command("import_protocol", str(path), "--by", lead().username, "--reason", "Ours.")

    assert "edition 1.9 is draft" in capsys.readouterr().out
    assert exported(capsys, key, "--edition", "1.9") == text


def test_an_edition_is_written_into_a_file(tmp_path: Path) -> None:
    path = tmp_path / "out.yaml"

    call_command("export_protocol", "vigabatrin-ukiss", "--output", str(path))

    shipped = SHIPPED / "protocols" / "vigabatrin-ukiss.yaml"
    assert path.read_bytes() == shipped.read_bytes()


def test_a_file_with_mistakes_is_refused_with_all_of_them_and_leaves_nothing(tmp_path: Path) -> None:
    shipped = (SHIPPED / "protocols" / "prednisolone-ukiss.yaml").read_text(encoding="utf-8")
    path = tmp_path / "wrong.yaml"
    path.write_text(
        shipped.replace("edition: '1'", "edition: '1.5'")
        .replace("drug: prednisolone", "drug: prednisone", 1)
        .replace("condition: week-2-dose", "condition: week-3-dose", 1),
        encoding="utf-8",
    )

    with pytest.raises(CommandError) as refused:
        call_command("import_protocol", str(path), "--by", lead().username)

    assert "wrong.yaml: phases[0].steps[0].drug" in str(refused.value)
    assert "wrong.yaml: phases[0].steps[1].condition" in str(refused.value)
    assert not models.ProtocolEdition.objects.filter(number="1.5").exists()


def test_a_changed_file_of_a_number_that_is_taken_is_refused_with_the_places(tmp_path: Path) -> None:
    shipped = (SHIPPED / "protocols" / "prednisolone-ukiss.yaml").read_text(encoding="utf-8")
    path = tmp_path / "changed.yaml"
    path.write_text(shipped.replace("amount: 20", "amount: 25"), encoding="utf-8")

    with pytest.raises(CommandError, match=r"steps\[1\]\.amount\.number: 20 → 25"):
        call_command("import_protocol", str(path), "--by", lead().username)


@pytest.mark.parametrize(
    ("was", "becomes", "sentence"),
    [
        ("edition: '1'", "edition: second", "“second” is no edition number"),
        ("name: Taper", f"name: {'T' * 200}", "phase “T+”: name: .* at most 120 characters"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_in_words(
    was: str, becomes: str, sentence: str, tmp_path: Path
) -> None:
    shipped = (SHIPPED / "protocols" / "prednisolone-ukiss.yaml").read_text(encoding="utf-8")
    path = tmp_path / "wrong.yaml"
    path.write_text(shipped.replace("edition: '1'", "edition: '3'").replace(was.replace("1", "3"), becomes))

    with pytest.raises(CommandError, match=sentence):
        call_command("import_protocol", str(path), "--by", lead().username)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nothing",), "No protocol or pathway nothing; known: acth-gel-us-label"),
        (("prednisolone-ukiss", "--edition", "8"), "prednisolone-ukiss has no edition 8; it has: 1."),
    ],
)
def test_an_unknown_edition_is_refused_with_what_there_is(words: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence) as refused:
        call_command("export_protocol", *words)

    assert refused.value.returncode == 2


def test_a_file_that_is_not_there_and_a_stranger_are_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_protocol", str(tmp_path / "none.yaml"), "--by", lead().username)

    path = SHIPPED / "protocols" / "prednisolone-ukiss.yaml"
    with pytest.raises(CommandError, match="Nobody here is called stranger"):
        call_command("import_protocol", str(path), "--by", "stranger")

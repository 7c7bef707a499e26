"""The page about the life of an edition is what the code says."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from protocols.describing.life import VERBS, page
from protocols.models.editions import STEPS

DOCS = Path(__file__).resolve().parents[3] / "docs"


def test_every_step_of_the_table_has_its_verb_and_no_other_has() -> None:
    assert set(VERBS) == set(STEPS)


def test_the_page_is_printed_from_the_table() -> None:
    assert (DOCS / "editions.md").read_text(encoding="utf-8") == page()


def test_a_page_that_is_out_of_date_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").mkdir()

    with pytest.raises(CommandError, match="describe_editions --write"):
        call_command("describe_editions", "--check")

    call_command("describe_editions", "--write")
    call_command("describe_editions", "--check")


def test_the_page_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("describe_editions")

    assert capsys.readouterr().out == page()

"""A draft's rows, edited one at a time; what cannot stand is refused with every reason."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from protocols import models
from protocols.columns import UnknownWord
from protocols.editing import (
    RowRefused,
    add_row,
    change_row,
    editable_columns,
    edition_of,
    move_row,
    remove_row,
    siblings_of,
)
from protocols.signing import RoleMayNot, WrongState, check_edition
from tests.factories.protocols import NOW, lead, person

Edition = models.ProtocolEdition


@pytest.fixture
def step(draft: Edition) -> models.DoseStep:
    return models.DoseStep.objects.get(phase__edition=draft, phase__position=0, position=0)


def notes(edition: Edition) -> list[tuple[int, str]]:
    rows = models.ProtocolNote.objects.filter(edition=edition).order_by("position")
    return [(row.position, row.topic) for row in rows]


def test_a_dose_is_changed(step: models.DoseStep) -> None:
    change_row(step, columns={"amount": Decimal("12.5")}, by=lead())

    step.refresh_from_db()
    assert step.amount == Decimal("12.5")


def test_what_cannot_stand_is_refused_with_every_reason_by_column(step: models.DoseStep) -> None:
    with pytest.raises(RowRefused) as refused:
        change_row(step, columns={"amount": 0, "basis": "per-inch", "from_day": 9, "to_day": 3}, by=lead())

    assert set(refused.value.messages) == {"basis", ""}
    assert "A dose is above zero. Days without a dose need no step." in refused.value.messages[""]
    assert "A step's days count from 1 and run forward." in refused.value.messages[""]
    step.refresh_from_db()
    assert step.amount == 10


def test_a_column_that_is_not_there_is_refused_with_those_that_are(step: models.DoseStep) -> None:
    with pytest.raises(RowRefused, match="no such column; known: drug, unit, basis"):
        change_row(step, columns={"dose": 4}, by=lead())


def test_a_stretch_of_time_is_typed_in_words(library: None) -> None:
    from protocols.drafting import clone_edition

    shipped = models.PathwayEdition.objects.get(pathway__key="iess-reference")
    draft = clone_edition(shipped, reason="Sooner.", by=lead(), now=NOW)
    rule = models.MonitoringRule.objects.get(edition=draft, code="BP")

    with pytest.raises(RowRefused, match="28 days"):
        change_row(rule, columns={"longest_gap": "four days"}, by=lead())

    assert change_row(rule, columns={"longest_gap": "3 days"}, by=lead()).longest_gap == "3 days"


def test_rows_are_added_at_the_end_moved_and_removed_and_close_up(draft: Edition) -> None:
    before = notes(draft)
    last = len(before)

    row = add_row(models.ProtocolNote, above=draft, columns={"topic": "Ours", "text": "Call us."}, by=lead())
    assert notes(draft) == [*before, (last, "Ours")]

    row = move_row(row, to=0, by=lead())
    assert notes(draft) == [(0, "Ours"), *((place + 1, topic) for place, topic in before)]

    remove_row(row, by=lead())
    assert notes(draft) == before


def test_the_first_row_of_its_kind_stands_in_the_first_place(draft: Edition) -> None:
    phase = models.Phase.objects.filter(edition=draft).order_by("position")[0]
    models.DoseStep.objects.filter(phase=phase).delete()
    drug = models.Drug.objects.get(key="prednisolone")

    columns = {"drug": drug, "unit": "mg", "amount": 5, "times": 2}
    row = add_row(models.DoseStep, above=phase, columns=columns, by=lead())

    assert row.position == 0
    assert edition_of(row) == draft
    assert list(siblings_of(row)) == [row]


def test_a_checked_edition_is_not_edited(draft: Edition, step: models.DoseStep) -> None:
    check_edition(draft, by=lead(), now=NOW)

    with pytest.raises(WrongState, match="Clone it and edit the copy"):
        change_row(step, columns={"amount": 12}, by=lead())
    with pytest.raises(WrongState):
        add_row(models.ProtocolNote, above=draft, columns={"topic": "Ours", "text": "…"}, by=lead())


def test_a_nurse_does_not_edit_a_draft(step: models.DoseStep) -> None:
    with pytest.raises(RoleMayNot, match="To edit a draft takes one of these roles"):
        change_row(step, columns={"amount": 12}, by=person("nurse"))


def test_what_a_row_is_and_where_it_stands_is_not_edited() -> None:
    columns = editable_columns(models.DoseStep)

    assert not {"id", "position", "phase"} & set(columns)
    assert {"amount", "times", "condition", "note"} <= set(columns)


@pytest.mark.parametrize(
    ("model", "column", "words", "sentence"),
    [
        (models.Phase, "purpose", "fun", "purpose: “fun” is not one of titration, full-dose"),
        (models.DoseStep, "slot", "noon", "slot: “noon” is not one of morning, evening"),
    ],
)
def test_a_word_that_slipped_past_the_form_is_refused_by_the_check(
    model: Any, column: str, words: str, sentence: str, draft: Edition
) -> None:
    edition = "edition" if model is models.Phase else "phase__edition"
    model.objects.filter(**{edition: draft}).update(**{column: words})

    with pytest.raises(UnknownWord, match=sentence):
        check_edition(draft, by=lead(), now=NOW)

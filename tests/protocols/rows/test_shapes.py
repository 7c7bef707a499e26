"""Every field of the engine's vocabulary has its column, and every column its field."""

from __future__ import annotations

from typing import Any

import pytest

from protocols import models
from protocols.columns import Keys, columns_of
from protocols.engine import citing, formulary
from protocols.shapes import PATHWAY_ROWS, PATHWAY_SOURCES, PROTOCOL_ROWS, Shape, every_shape

NO_KEYS = Keys.of({"drug": {}, "source": {}, "protocol": {}})
SHAPES = every_shape(PROTOCOL_ROWS) + every_shape(PATHWAY_ROWS) + (PATHWAY_SOURCES,)


def columns_of_table(model: Any) -> set[str]:
    return {field.attname for field in model._meta.concrete_fields}


def columns_of_value(columns: Any) -> set[str]:
    cells: dict[str, Any] = {}
    for _, column in columns:
        try:
            cells |= column.put(None, NO_KEYS)
        except TypeError:  # lists and open values have no empty form
            cells |= dict.fromkeys([column.name])
    return set(cells)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.model.__name__)
def test_a_table_holds_what_the_engine_says_and_nothing_else(shape: Shape) -> None:
    beside = {"id", "position", f"{shape.above}_id"}
    said = columns_of_value(shape.columns)

    assert columns_of_table(shape.model) - beside == said


@pytest.mark.parametrize(
    ("kind", "model"),
    [
        (citing.Source, models.Source),
        (formulary.Drug, models.Drug),
        (formulary.Product, models.Product),
    ],
)
def test_what_editions_rest_on_has_its_columns_too(kind: Any, model: Any) -> None:
    said = columns_of_value(columns_of(kind, frozenset({"cited"})))

    assert columns_of_table(model) - {"id", "frozen_at"} == said


def test_every_row_that_can_be_cited_has_its_column_in_the_citations() -> None:
    cited_as = {shape.cited_as for shape in SHAPES if shape.cited_as}

    assert cited_as == set(models.CITING_ROWS)

"""The shipped library as rows: complete, loaded again without change, and back to the same bytes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from protocols import loading, models, reading
from protocols.library_files.library import write_file
from protocols.library_files.pathways import write_pathway
from protocols.shipping import shipped

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
SHIPPED = shipped()


@pytest.fixture
def library(db: None) -> loading.Loaded:
    return loading.load(SHIPPED, now=NOW)


def sorted_by_key(rows: Any) -> list[Any]:
    return sorted(rows, key=lambda row: row.key)


@pytest.mark.usefixtures("library")
def test_every_shipped_edition_comes_back_from_its_rows_to_the_last_byte() -> None:
    editions = models.ProtocolEdition.objects.select_related("protocol")

    read = {edition.protocol.key: reading.protocol_values(edition) for edition in editions}

    assert read == {values.key: values for values in SHIPPED.protocols}
    assert {key: write_file(values) for key, values in read.items()} == {
        values.key: write_file(values) for values in SHIPPED.protocols
    }


@pytest.mark.usefixtures("library")
def test_every_shipped_pathway_comes_back_from_its_rows_to_the_last_byte() -> None:
    editions = models.PathwayEdition.objects.select_related("pathway")

    read = {edition.pathway.key: reading.pathway_values(edition) for edition in editions}

    assert read == {values.key: values for values in SHIPPED.pathways}
    assert {key: write_pathway(values) for key, values in read.items()} == {
        values.key: write_pathway(values) for values in SHIPPED.pathways
    }


@pytest.mark.usefixtures("library")
def test_drugs_products_and_sources_come_back_to_the_last_byte() -> None:
    assert sorted_by_key(reading.drugs()) == sorted_by_key(SHIPPED.drugs)
    assert sorted_by_key(reading.products()) == sorted_by_key(SHIPPED.products)
    assert reading.sources() == tuple(sorted_by_key(SHIPPED.sources))


def test_loading_again_changes_nothing(library: loading.Loaded) -> None:
    before = list(models.ProtocolEdition.objects.order_by("pk").values())

    again = loading.load(SHIPPED, now=NOW)

    assert again.unchanged == library.new
    assert not again.new
    assert not again.replaced
    assert list(models.ProtocolEdition.objects.order_by("pk").values()) == before


@pytest.mark.usefixtures("library")
def test_a_shipped_edition_that_nobody_signed_is_replaced_by_a_changed_file() -> None:
    changed = replace(SHIPPED.protocols[0], summary="Another summary.")

    loaded = loading.load(replace(SHIPPED, protocols=(changed,)), now=NOW)

    assert loaded.replaced == [f"{changed.key}, edition {changed.edition}"]
    edition = models.ProtocolEdition.objects.get(protocol__key=changed.key)
    assert reading.protocol_values(edition) == changed

"""What rows are called in lists, and what cannot be read or written."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from protocols import loading, models, reading, writing
from protocols.drafting import clone_edition
from protocols.engine import pathway, regimen
from protocols.refusal import Refusal
from protocols.shapes import PATHWAY_ROWS, PATHWAY_SOURCES, PROTOCOL_ROWS, every_shape
from protocols.signing import EditionHasMistakes, check_edition
from tests.factories.protocols import NOW, lead
from tests.protocols.rows.values import PROTOCOLS, formulary_rows, one_of_each

TABLES = [shape.model for shape in (*every_shape(PROTOCOL_ROWS), *every_shape(PATHWAY_ROWS), PATHWAY_SOURCES)]


@pytest.fixture
def full(db: None) -> None:
    drugs, sources = formulary_rows()
    loading.load(loading.Shipped(drugs=drugs, sources=sources), now=NOW)
    for key in PROTOCOLS:
        models.Protocol.objects.create(key=key, name=key)
    for kind in (regimen.ProtocolEdition, pathway.PathwayEdition):
        loading.new_edition(one_of_each(kind), origin="shipped", loaded_at=NOW)


@pytest.mark.usefixtures("full")
def test_every_row_has_a_name_to_be_listed_by() -> None:
    for model in (*TABLES, models.Drug, models.Source, models.Protocol, models.Pathway):
        row: Any = model.objects.order_by("pk").first()
        assert str(row)
        assert "object (" not in str(row)
    assert str(models.ProtocolCitation.objects.order_by("pk")[0]) == "V about"
    assert str(models.ProtocolEdition.objects.get()) == "name, edition 1"
    assert str(models.PathwayEdition.objects.get()) == "title, edition 1"


@pytest.mark.usefixtures("library")
def test_a_pathway_draft_is_checked_with_all_its_mistakes() -> None:
    shipped = models.PathwayEdition.objects.get(pathway__key="iess-reference")
    draft = clone_edition(shipped, reason="Ours.", by=lead(), now=NOW)
    models.PathwayEdition.objects.filter(pk=draft.pk).update(adopted_definition="none")
    models.RuleParameter.objects.filter(rule__edition=draft, rule__code="E03").delete()

    with pytest.raises(EditionHasMistakes) as refused:
        check_edition(draft, by=lead(), now=NOW)

    paths = [mistake.path for mistake in refused.value.mistakes]
    assert "adopted_definition" in paths
    assert len(paths) >= 2


@pytest.mark.usefixtures("library")
def test_a_pathway_without_its_eeg_policy_says_what_is_missing() -> None:
    shipped = models.PathwayEdition.objects.get(pathway__key="iess-reference")
    draft = clone_edition(shipped, reason="Ours.", by=lead(), now=NOW)
    models.EegPolicy.objects.filter(edition=draft).delete()

    with pytest.raises(Refusal, match="has no eeg yet") as refused:
        check_edition(draft, by=lead(), now=NOW)

    assert refused.value.code == "edition-incomplete"


@pytest.mark.usefixtures("full")
def test_an_edition_that_points_nowhere_is_refused() -> None:
    values = one_of_each(regimen.ProtocolEdition)
    lost = replace(values, edition="2", maxima=(replace(values.maxima[0], drug="aspirin"),))

    with pytest.raises(Refusal, match="No drug “aspirin” is in the library"):
        loading.new_edition(lost, origin="shipped", loaded_at=NOW)


@pytest.mark.usefixtures("full")
def test_a_pathway_is_not_written_into_a_protocol() -> None:
    edition = models.ProtocolEdition.objects.get()

    with pytest.raises(TypeError, match="cannot be written into a ProtocolEdition"):
        writing.write(edition, one_of_each(pathway.PathwayEdition))


def test_only_editions_are_read() -> None:
    with pytest.raises(TypeError, match="neither a protocol edition nor a pathway edition"):
        reading.values_of(models.Drug())  # type: ignore[arg-type]

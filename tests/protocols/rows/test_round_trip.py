"""What is written down as rows comes back the same, whatever the vocabulary allows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings

from protocols import loading, models, reading
from protocols.engine import pathway, regimen
from tests.protocols.rows.values import PROTOCOLS, formulary_rows, values_of

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)

slowly = settings(
    max_examples=25,
    deadline=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def there_and_back(values: Any) -> Any:
    drugs, sources = formulary_rows()
    with transaction.atomic():
        loading.load(loading.Shipped(drugs=drugs, sources=sources), now=NOW)
        for key in PROTOCOLS:
            models.Protocol.objects.create(key=key, name=key)
        edition = loading.new_edition(values, origin="shipped", loaded_at=NOW)
        read = reading.values_of(edition)
        transaction.set_rollback(True)  # the next example finds the tables empty
    return read


@pytest.mark.django_db
@slowly
@given(values=values_of(regimen.ProtocolEdition))
def test_a_protocol_edition_comes_back_from_its_rows_as_it_was(values: regimen.ProtocolEdition) -> None:
    assert there_and_back(values) == values


@pytest.mark.django_db
@slowly
@given(values=values_of(pathway.PathwayEdition))
def test_a_pathway_edition_comes_back_from_its_rows_as_it_was(values: pathway.PathwayEdition) -> None:
    assert there_and_back(values) == values

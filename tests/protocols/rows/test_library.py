"""The shipped library as rows: complete, loaded again without change, and back to the same bytes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command

from protocols import loading, models, reading
from protocols.library_files.library import write_file
from protocols.library_files.pathways import write_pathway
from protocols.shipping import shipped
from tests.factories.protocols import protocol_edition, signed

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


@pytest.mark.usefixtures("library")
def test_drugs_and_products_are_read_again_only_when_a_row_of_theirs_changed(
    django_assert_num_queries: Any,
) -> None:
    before = reading.drugs_and_products()

    with django_assert_num_queries(1):
        again = reading.drugs_and_products()
    product = before[1][0]
    models.Product.objects.filter(key=product.key).update(strength=product.strength * 2)

    assert again == before
    assert reading.products()[0].strength == product.strength * 2


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


@pytest.mark.usefixtures("library")
def test_a_changed_file_under_the_number_of_a_signed_edition_is_refused_with_the_places() -> None:
    signed(protocol_edition("prednisolone-ukiss"))
    changed = [first_amount(values, "11") for values in SHIPPED.protocols]

    with pytest.raises(loading.LibraryRefused) as refused:
        loading.load(replace(SHIPPED, protocols=tuple(changed)), now=NOW)

    (mistake,) = refused.value.mistakes
    assert mistake == (
        "prednisolone-ukiss, edition 1, which is signed and stays as it is: "
        "phases[Full dose].steps[0].amount.number: 10 → 11. Give the changed file a new number."
    )


def first_amount(values: Any, number: str) -> Any:
    """The edition with the amount of its first step changed, where it has one."""
    if not values.phases or values.phases[0].steps[0].amount is None:
        return values
    phase, *phases = values.phases
    step, *steps = phase.steps
    step = replace(step, amount=replace(step.amount, number=Decimal(number), choice=None))
    return replace(values, phases=(replace(phase, steps=(step, *steps)), *phases))


@pytest.mark.usefixtures("library")
def test_a_changed_drug_product_or_source_under_a_signed_edition_is_refused_too() -> None:
    signed(protocol_edition("vigabatrin-ukiss"))
    products = tuple(replace(product, strength=product.strength * 2) for product in SHIPPED.products)

    with pytest.raises(loading.LibraryRefused) as refused:
        loading.load(replace(SHIPPED, products=products), now=NOW)

    assert len(refused.value.mistakes) == sum(product.drug == "vigabatrin" for product in products)
    assert all(mistake.startswith("product vigabatrin") for mistake in refused.value.mistakes)


@pytest.mark.usefixtures("library")
def test_nothing_at_all_is_loaded_where_something_is_refused() -> None:
    signed(protocol_edition("vigabatrin-ukiss"))
    changed = tuple(first_amount(values, "11") for values in SHIPPED.protocols)
    before = reading.protocol_values(protocol_edition("prednisolone-ukiss"))

    with pytest.raises(loading.LibraryRefused):
        loading.load(replace(SHIPPED, protocols=changed), now=NOW)

    assert reading.protocol_values(protocol_edition("prednisolone-ukiss")) == before


def test_the_command_says_what_it_did_and_twice_is_once(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_library")
    first = capsys.readouterr().out
    call_command("load_library")
    second = capsys.readouterr().out

    assert "new: prednisolone-ukiss, edition 1" in first
    assert first.count("new: ") == second.count("unchanged: ") == len(first.splitlines())


@pytest.mark.usefixtures("library")
def test_an_edition_is_read_with_as_many_queries_however_many_rows_it_has(
    django_assert_num_queries: Any,
) -> None:
    small, large = protocol_edition("combination-iciss"), protocol_edition("acth-hrachovy-high")

    with django_assert_num_queries(16):
        reading.protocol_values(small)
    with django_assert_num_queries(16):
        reading.protocol_values(large)


@pytest.mark.usefixtures("library")
def test_a_signed_edition_is_read_once(django_assert_num_queries: Any) -> None:
    edition = signed(protocol_edition("prednisolone-ukiss"))
    first = reading.protocol_values(edition)

    with django_assert_num_queries(0):
        again = reading.protocol_values(edition)

    assert again is first

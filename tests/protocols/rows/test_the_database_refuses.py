"""What two people signed stays, whoever asks and however: PostgreSQL itself refuses, the owner too."""

# ruff: noqa: S608 - the tables are the models' own

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pgtrigger
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from protocols import loading, models
from protocols.engine import pathway, regimen
from protocols.models.editions import SET_ONCE
from protocols.shapes import PATHWAY_ROWS, PATHWAY_SOURCES, PROTOCOL_ROWS, every_shape
from protocols.signing import put_in_force
from tests.conftest import owner_role
from tests.factories.protocols import NOW, TODAY, in_force, lead, neurologist, protocol_edition, signed
from tests.protocols.rows.values import PROTOCOLS, formulary_rows, one_of_each

BELOW_A_PROTOCOL = (*(shape.model for shape in every_shape(PROTOCOL_ROWS)), models.ProtocolCitation)
BELOW_A_PATHWAY = (*(shape.model for shape in every_shape(PATHWAY_ROWS)), PATHWAY_SOURCES.model)
TABLES = (*BELOW_A_PROTOCOL, *BELOW_A_PATHWAY)
RESTED_ON = (models.Source, models.Drug, models.Product, models.DrugCitation, models.ProductCitation)

REFUSED = pytest.raises(IntegrityError, match=r"cannot change|no longer a draft|never deleted|cannot go back")


def name_of(model: Any) -> str:
    return str(model.__name__)


@pytest.fixture
def both_editions(db: None) -> tuple[Any, Any]:
    """One edition of each kind, with rows in every table below it."""
    drugs, sources = formulary_rows()
    loading.load(loading.Shipped(drugs=drugs, sources=sources), now=NOW)
    for key in PROTOCOLS:
        models.Protocol.objects.create(key=key, name=key)
    made = []
    for kind in (regimen.ProtocolEdition, pathway.PathwayEdition):
        values = one_of_each(kind)
        edition = loading.new_edition(values, origin="shipped", loaded_at=NOW)
        loading.settle(edition, values)
        made.append(edition)
    return made[0], made[1]


@pytest.fixture
def signed_editions(both_editions: tuple[Any, Any]) -> tuple[Any, Any]:
    protocol, policy = both_editions
    return signed(protocol), signed(policy)


def refused(sql: str, *values: Any) -> None:
    with REFUSED, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.mark.usefixtures("signed_editions")
@pytest.mark.parametrize("model", TABLES, ids=name_of)
@pytest.mark.parametrize("role", ["app", "owner"])
def test_a_row_below_a_signed_edition_is_neither_changed_nor_deleted_nor_joined_by_another(
    model: Any, role: str
) -> None:
    before = list(model.objects.order_by("pk").values())
    row = model.objects.order_by("pk").first()
    table = connection.ops.quote_name(model._meta.db_table)

    with owner_role() if role == "owner" else transaction.atomic():
        refused(f"UPDATE {table} SET position = position + 1")
        refused(f"DELETE FROM {table}")
        row.pk, row.position = None, 7
        with REFUSED, transaction.atomic():
            row.save(force_insert=True)

    assert before
    assert list(model.objects.order_by("pk").values()) == before


@pytest.mark.usefixtures("both_editions")
@pytest.mark.parametrize("model", TABLES, ids=name_of)
def test_a_row_below_a_checked_edition_stays_too_until_the_edition_is_reopened(model: Any) -> None:
    table = connection.ops.quote_name(model._meta.db_table)

    refused(f"UPDATE {table} SET position = position + 1")
    refused(f"DELETE FROM {table}")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "model", [*TABLES, *RESTED_ON, models.ProtocolEdition, models.PathwayEdition], ids=name_of
)
def test_the_running_role_cannot_empty_a_table(model: Any) -> None:
    table = connection.ops.quote_name(model._meta.db_table)

    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("model", RESTED_ON, ids=name_of)
def test_what_a_signed_edition_rests_on_stays_and_what_it_does_not_may_change(model: Any) -> None:
    signed(protocol_edition("vigabatrin-ukiss"))
    table = connection.ops.quote_name(model._meta.db_table)
    frozen, free = split(model)
    assert frozen
    assert free
    column = "citation" if model is models.Source else "about" if "Citation" in name_of(model) else "name"

    refused(f"UPDATE {table} SET {column} = 'else' WHERE id = %s", frozen[0])
    refused(f"DELETE FROM {table} WHERE id = %s", frozen[0])
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = 'else' WHERE id = %s", [free[0]])
        assert cursor.rowcount == 1


def split(model: Any) -> tuple[list[int], list[int]]:
    """Rows on which a signed edition rests, and the others."""
    above = {models.DrugCitation: "drug__", models.ProductCitation: "product__"}.get(model, "")
    rows = model.objects.order_by("pk")
    return tuple(
        list(rows.filter(**{f"{above}frozen_at__isnull": empty}).values_list("pk", flat=True))
        for empty in (False, True)
    )  # type: ignore[return-value]


def test_a_new_strength_may_still_be_added_to_a_drug_that_is_frozen(library: None) -> None:
    signed(protocol_edition("vigabatrin-ukiss"))
    product = models.Product.objects.filter(drug__key="vigabatrin").first()
    assert product is not None

    product.pk, product.key, product.frozen_at = None, "vigabatrin-new", None
    product.save(force_insert=True)

    assert models.Product.objects.filter(drug__key="vigabatrin", frozen_at=None).count() == 1


def columns_of_an_edition() -> Iterator[str]:
    for field in models.ProtocolEdition._meta.local_concrete_fields:
        if not field.primary_key and field.name not in SET_ONCE:
            yield str(field.column)


@pytest.mark.parametrize("column", list(columns_of_an_edition()))
def test_no_column_of_a_signed_edition_changes(column: str, signed_editions: tuple[Any, Any]) -> None:
    edition = signed_editions[0]
    other = {
        "state": "'draft'",
        "content_digest": "''",
        "uid": "gen_random_uuid()",
        "protocol_id": "protocol_id + 1",
    }
    cloned = f"{column} || '1'"
    if column.endswith("_at"):
        cloned = "now()"
    elif column.endswith("_id"):
        cloned = f"coalesce({column}, {edition.pk}) + 1"

    refused(
        f"UPDATE protocols_protocoledition SET {column} = {other.get(column, cloned)} WHERE id = %s",
        edition.pk,
    )


def test_the_days_of_force_and_of_retiring_are_set_once(signed_editions: tuple[Any, Any]) -> None:
    edition = put_in_force(signed_editions[0], on=TODAY, by=lead(), now=NOW)

    refused("UPDATE protocols_protocoledition SET in_force_on = in_force_on + 1 WHERE id = %s", edition.pk)
    refused("UPDATE protocols_protocoledition SET in_force_on = NULL WHERE id = %s", edition.pk)
    refused("UPDATE protocols_protocoledition SET state = 'signed' WHERE id = %s", edition.pk)


@pytest.mark.usefixtures("signed_editions")
@pytest.mark.parametrize("table", ["protocols_protocol", "protocols_pathway"])
def test_a_key_stays_because_signed_editions_bear_it(table: str) -> None:
    refused(f"UPDATE {table} SET key = key || '-new'")


def test_a_signed_edition_is_not_deleted(signed_editions: tuple[Any, Any]) -> None:
    for edition in signed_editions:
        with REFUSED, transaction.atomic():
            edition.delete()


@pytest.mark.parametrize(
    ("sentence", "columns"),
    [
        ("signed_by_two_different_people", "second_signed_by_id = first_signed_by_id"),
        ("signature_names_the_role", "second_signed_role = ''"),
        ("is_signed_when_two_people_signed", "second_signed_at = NULL, second_signed_by_id = NULL"),
        ("second_signed_names_moment_and_person", "second_signed_by_id = NULL"),
    ],
)
def test_a_signature_that_is_not_whole_breaks_a_promise_of_the_table(
    sentence: str, columns: str, both_editions: tuple[Any, Any]
) -> None:
    edition = both_editions[0]
    models.ProtocolEdition.objects.filter(pk=edition.pk).update(
        first_signed_at=NOW, first_signed_by=lead(), first_signed_role="pathway lead"
    )
    whole = {
        "state": "'signed'",
        "second_signed_at": "now()",
        "second_signed_by_id": str(neurologist().pk),
        "second_signed_role": "'neurologist'",
    }
    broken = whole | dict(part.split(" = ") for part in columns.split(", "))
    said = ", ".join(f"{column} = {value}" for column, value in broken.items())

    with pytest.raises(IntegrityError, match=sentence), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE protocols_protocoledition SET {said} WHERE id = %s", [edition.pk])


def test_a_signature_and_an_edit_of_the_same_edition_wait_for_each_other(library: None) -> None:
    """The trigger locks the edition FOR SHARE: no row slips in between the check and the signature."""
    edition = protocol_edition()
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname LIKE 'pgtrigger_rows_of_a_signed%'")
        sources = [row[0] for row in cursor.fetchall()]

    assert len(sources) == len(TABLES)
    assert all("FOR SHARE" in source for source in sources)
    assert in_force(edition).state == "in_force"


@pytest.mark.django_db
def test_the_database_holds_the_triggers_that_the_models_say() -> None:
    """A trigger that was changed in the code and not migrated would keep an old promise."""
    states = {
        f"{model._meta.model_name}: {trigger.name}": trigger.get_installation_status(model)
        for model, trigger in pgtrigger.registered()
        if model._meta.app_label == "protocols"
    }

    assert len(states) > len(TABLES)
    assert {name: state for name, state in states.items() if state != ("INSTALLED", True)} == {}

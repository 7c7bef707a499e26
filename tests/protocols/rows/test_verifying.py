"""A signed edition that was changed behind the triggers' back is found."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from clinic import tasks
from ispath import health
from protocols import models
from tests.conftest import owner_role
from tests.factories.protocols import protocol_edition, signed

pytestmark = pytest.mark.usefixtures("library")


def behind_the_trigger(model: Any, **changed: Any) -> None:
    """Change rows as the owner of the tables may who switches the trigger off."""
    table = connection.ops.quote_name(model._meta.db_table)
    with owner_role(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        model.objects.filter(phase__edition__protocol__key="prednisolone-ukiss").update(**changed)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_what_is_as_it_was_signed_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    signed(protocol_edition())

    call_command("verify_editions")

    said = capsys.readouterr().out.splitlines()
    assert "as signed by two people: Prednisolone, UKISS, edition 1" in said
    assert len(said) == models.Protocol.objects.count() + models.Pathway.objects.count()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"amount": 11}, "Prednisolone, UKISS, edition 1: Its rows do not say what was checked."),
        ({"basis": "per-inch"}, "“per-inch” is not one of fixed"),
    ],
)
def test_a_dose_that_was_changed_after_the_signatures_is_found(
    changed: dict[str, Any], sentence: str
) -> None:
    signed(protocol_edition())
    behind_the_trigger(models.DoseStep, **changed)

    with pytest.raises(CommandError, match=sentence):
        call_command("verify_editions")


def test_the_schedule_finds_it_too_and_makes_the_installation_not_ready() -> None:
    signed(protocol_edition())
    tasks.verify_editions()
    before = health.editions()
    behind_the_trigger(models.DoseStep, amount=11)

    with pytest.raises(tasks.EditionsChanged, match="Prednisolone, UKISS, edition 1"):
        tasks.verify_editions()

    after = health.editions()
    assert (before.well, after.well) == (True, False)
    assert after.says.startswith("1 not as signed")

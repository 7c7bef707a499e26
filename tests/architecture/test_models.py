"""Habits every model keeps."""

from __future__ import annotations

from itertools import chain
from typing import Any

import pytest
from django.db.models import CheckConstraint, Field, Model, UniqueConstraint

from tests.architecture.packages import our_models

MODELS = our_models()
ONE_AND_ONLY_ONE = "name it exactly once, in private or in plain, in the class that declares it"


def names(model: type[Model]) -> set[str]:
    return {field.name for field in (*model._meta.fields, *model._meta.local_many_to_many)}


def mentioned(constraint: CheckConstraint) -> set[str]:
    """The field names a check's condition looks at."""

    def walk(node: Any) -> set[str]:
        if isinstance(node, tuple) and len(node) == 2:
            return {str(node[0]).split("__")[0]}
        return set(chain.from_iterable(walk(child) for child in getattr(node, "children", ())))

    return walk(constraint.condition)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_every_field_says_how_private_it_is(model: type[Model]) -> None:
    levels = [vars(base)["Privacy"] for base in model.__mro__ if "Privacy" in vars(base)]
    assert levels, f"{model._meta.label} has no class Privacy"

    said = [name for privacy in levels for name in (*privacy.private, *privacy.plain)]

    assert sorted(said) == sorted(names(model)), ONE_AND_ONLY_ONE


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_a_persons_act_has_its_moment_and_its_person_or_neither(model: type[Model]) -> None:
    found = names(model)
    for stem in (name.removesuffix("_by") for name in found if name.endswith("_by")):
        at = f"{stem}_at"
        if at not in found:
            continue
        fields: list[Field[Any, Any]] = [model._meta.get_field(n) for n in (at, f"{stem}_by")]  # type: ignore[misc]
        if not any(field.null for field in fields):
            continue
        checks = [c for c in model._meta.constraints if isinstance(c, CheckConstraint)]
        assert any({at, f"{stem}_by"} <= mentioned(check) for check in checks), (
            f"no check ties {at} to {stem}_by"
        )


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_a_constraint_speaks_to_the_person_it_refuses(model: type[Model]) -> None:
    for constraint in model._meta.constraints:
        if isinstance(constraint, (CheckConstraint, UniqueConstraint)):
            message = constraint.violation_error_message
            assert message != constraint.default_violation_error_message, f"{constraint.name} has no message"


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_no_model_orders_itself_or_reads_the_clock(model: type[Model]) -> None:
    assert not model._meta.ordering, "order where the question is asked"
    assert not [f.name for f in model._meta.fields if getattr(f, "auto_now", False)]
    assert not [f.name for f in model._meta.fields if getattr(f, "auto_now_add", False)]


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_no_model_does_work_in_save_or_delete(model: type[Model]) -> None:
    assert model.save is Model.save
    assert model.delete is Model.delete

"""The four packages in the order of the arrow, and what the tests of this folder walk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db.models import Model
from pghistory.models import Event

ROOT = Path(__file__).resolve().parent.parent.parent
ARROW = ("protocols", "clinic", "notifications", "ispath")  # each may know those before it


def package_of(model: type[Model]) -> str:
    return model.__module__.split(".")[0]


def our_models() -> list[type[Model]]:
    """Every model with a table that the project wrote by hand: no row history, no implied join table."""
    return [
        model
        for model in apps.get_models()
        if package_of(model) in ARROW and not issubclass(model, Event) and not model._meta.proxy
    ]


def source_files(*packages: str) -> Iterator[Path]:
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path

"""Columns that hold the engine's words and numbers exactly, and that a clinician can read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.validators import RegexValidator
from django.db import models

if TYPE_CHECKING:
    from collections.abc import Sequence
    from enum import StrEnum

    from django.db.backends.base.base import BaseDatabaseWrapper


class ExactDecimalField(models.DecimalField):  # type: ignore[type-arg]
    """A decimal as it was typed: 10.0 stays 10.0, so that a file read, stored and written is the same."""

    def __init__(self, verbose_name: str | None = None, **options: Any) -> None:
        options.setdefault("max_digits", 24)
        options.setdefault("decimal_places", 12)
        super().__init__(verbose_name, **options)

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """PostgreSQL's numeric without a scale keeps the digits it was given."""
        return "numeric"


class WordField(models.CharField):  # type: ignore[type-arg]
    """One word of a closed vocabulary of the engine.

    The words live in the engine alone: a new one needs no migration, and an unknown one is refused when the
    edition is checked.
    """

    def __init__(
        self, verbose_name: str | None = None, *, words: type[StrEnum] | None = None, **options: Any
    ) -> None:
        options.setdefault("max_length", 60)
        if words is not None:
            options["choices"] = [(word.value, word.value.replace("-", " ")) for word in words]
        if "default" in options:
            options["default"] = str(options["default"])  # so that no migration remembers the engine's types
        super().__init__(verbose_name, **options)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, options = super().deconstruct()
        options.pop("choices", None)
        return name, path, args, options


class SpanField(models.CharField):  # type: ignore[type-arg]
    """A stretch of calendar time in words: `28 days`, `3 months`, `-28 days`. Empty where there is none."""

    PATTERN = r"^-?[0-9]+ (days|months)$"

    def __init__(self, verbose_name: str | None = None, **options: Any) -> None:
        options.setdefault("max_length", 20)
        options.setdefault(
            "validators",
            [RegexValidator(self.PATTERN, "Write a stretch of time as “28 days” or “3 months”.")],
        )
        super().__init__(verbose_name, **options)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, options = super().deconstruct()
        options.pop("validators", None)
        return name, path, args, options

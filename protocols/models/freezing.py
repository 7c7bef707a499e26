"""What is signed never changes: the triggers by which PostgreSQL itself refuses."""

from __future__ import annotations

from typing import Any

import pgtrigger

# Reaches Django as IntegrityError, like every other promise the database keeps.
REFUSED = "restrict_violation"


class RowsOfASignedEdition(pgtrigger.Trigger):
    """Refuse every INSERT, UPDATE and DELETE below an edition that is no longer a draft.

    `path` names the foreign keys from the row up to its edition. The edition is locked FOR SHARE: a signature
    and an edit of the same edition wait for each other, so nothing slips in between
    the check and the signature.
    """

    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete

    def __init__(self, *, name: str, path: tuple[str, ...]) -> None:
        super().__init__(name=name)
        self.path = path

    def get_declare(self, model: Any) -> list[tuple[str, str]]:
        return [("edition_state", "text")]

    def get_func(self, model: Any) -> str:
        return f"""
            IF TG_OP <> 'INSERT' THEN
                {_state_of(model, self.path, "OLD")}
                IF edition_state <> 'draft' THEN
                    {_refusal(model)}
                END IF;
            END IF;
            IF TG_OP <> 'DELETE' THEN
                {_state_of(model, self.path, "NEW")}
                IF edition_state <> 'draft' THEN
                    {_refusal(model)}
                END IF;
                RETURN NEW;
            END IF;
            RETURN OLD;
        """


def _state_of(model: Any, path: tuple[str, ...], row: str) -> str:
    """SQL that reads the state of the edition above `row` (OLD or NEW) into edition_state, and locks it."""
    first, *rest = path
    table = _related(model, first)
    joins, alias = "", "t0"
    source = f"{_quoted(table)} {alias}"
    condition = f"{alias}.id = {row}.{_column(model, first)}"
    for depth, name in enumerate(rest, start=1):
        above = _related(table, name)
        joins += f" JOIN {_quoted(above)} t{depth} ON t{depth}.id = {alias}.{_column(table, name)}"
        table, alias = above, f"t{depth}"
    return (  # the names are the models' own
        f"SELECT {alias}.state INTO edition_state FROM {source}{joins} "  # noqa: S608
        f"WHERE {condition} FOR SHARE OF {alias};"
    )


def _refusal(model: Any) -> str:
    sentence = (
        f"{model._meta.verbose_name}: this edition is no longer a draft, so its rows cannot change. "
        "Clone the edition and edit the copy."
    )
    return f"RAISE EXCEPTION USING ERRCODE = '{REFUSED}', MESSAGE = '{sentence}', TABLE = TG_TABLE_NAME;"


class RowsThatASignedEditionCites(pgtrigger.Trigger):
    """Refuse UPDATE and DELETE of a row once `frozen_at` is set: a signed edition rests on what it says."""

    when = pgtrigger.Before
    operation = pgtrigger.Update | pgtrigger.Delete

    def get_func(self, model: Any) -> str:
        sentence = (
            f"{model._meta.verbose_name}: a signed edition rests on this row, so it cannot change. "
            "Add a new row with a key of its own."
        )
        return f"""
            IF OLD.frozen_at IS NOT NULL THEN
                RAISE EXCEPTION USING ERRCODE = '{REFUSED}', MESSAGE = '{sentence}', TABLE = TG_TABLE_NAME;
            END IF;
            IF TG_OP = 'DELETE' THEN
                RETURN OLD;
            END IF;
            RETURN NEW;
        """


def keys_stay() -> pgtrigger.Trigger:
    """Refuse a new key: what was signed says it, and files, addresses and commands name it."""
    refusal = (
        f"RAISE EXCEPTION USING ERRCODE = '{REFUSED}', "
        "MESSAGE = 'a key cannot change: signed editions and files bear it.', TABLE = TG_TABLE_NAME;"
    )
    return pgtrigger.Trigger(
        name="keys_stay",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange("key"),
        func=refusal,
    )


class RowsBelowAFrozenRow(pgtrigger.Trigger):
    """Refuse every change below a row whose `frozen_at` is set."""

    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete

    def __init__(self, *, name: str, above: str) -> None:
        super().__init__(name=name)
        self.above = above

    def get_func(self, model: Any) -> str:
        table, column = _quoted(_related(model, self.above)), _column(model, self.above)
        sentence = (
            f"{model._meta.verbose_name}: a signed edition rests on the row above, so this cannot change. "
            "Add a new row with a key of its own."
        )
        refusal = (
            f"RAISE EXCEPTION USING ERRCODE = '{REFUSED}', MESSAGE = '{sentence}', TABLE = TG_TABLE_NAME;"
        )
        frozen = f"SELECT 1 FROM {table} above WHERE above.frozen_at IS NOT NULL AND above.id"  # noqa: S608 - the models' own
        return f"""
            IF TG_OP <> 'INSERT' AND EXISTS ({frozen} = OLD.{column}) THEN
                {refusal}
            END IF;
            IF TG_OP <> 'DELETE' THEN
                IF EXISTS ({frozen} = NEW.{column}) THEN
                    {refusal}
                END IF;
                RETURN NEW;
            END IF;
            RETURN OLD;
        """


class SignedEditions(pgtrigger.Trigger):
    """An edition walks its states forward, and what a signature rests on stays as it was signed.

    Once signed by two people only the dates of coming into force and of retiring may be set, each once.
    """

    when = pgtrigger.Before
    operation = pgtrigger.Update | pgtrigger.Delete

    def __init__(self, *, name: str, steps: tuple[tuple[str, str], ...], set_once: tuple[str, ...]) -> None:
        super().__init__(name=name)
        self.steps = steps
        self.set_once = set_once

    def get_func(self, model: Any) -> str:
        allowed = ", ".join(f"('{old}', '{new}')" for old, new in self.steps)
        once = {_column(model, name) for name in self.set_once}
        fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
        fixed = [field.column for field in fields if field.column not in once | {"state"}]
        return f"""
            IF TG_OP = 'DELETE' THEN
                IF OLD.first_signed_at IS NOT NULL THEN
                    {_edition_refusal("a signed edition is never deleted. Retire it.")}
                END IF;
                RETURN OLD;
            END IF;
            IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN ({allowed}) THEN
                {_edition_refusal("an edition cannot go back in its life. Clone it and edit the copy.")}
            END IF;
            IF OLD.state NOT IN ('draft', 'checked') THEN
                IF {_changed(fixed)} OR {_changed_after_set(sorted(once))} THEN
                    {_edition_refusal("what was signed cannot change. Clone it and edit the copy.")}
                END IF;
            END IF;
            RETURN NEW;
        """


def _edition_refusal(sentence: str) -> str:
    return f"RAISE EXCEPTION USING ERRCODE = '{REFUSED}', MESSAGE = '{sentence}', TABLE = TG_TABLE_NAME;"


def _changed(columns: list[str]) -> str:
    old = ", ".join(f'OLD."{column}"' for column in columns)
    new = ", ".join(f'NEW."{column}"' for column in columns)
    return f"ROW({old}) IS DISTINCT FROM ROW({new})"


def _changed_after_set(columns: list[str]) -> str:
    return (
        "("
        + " OR ".join(f'(OLD."{c}" IS NOT NULL AND OLD."{c}" IS DISTINCT FROM NEW."{c}")' for c in columns)
        + ")"
    )


def _related(model: Any, name: str) -> Any:
    return model._meta.get_field(name).related_model


def _column(model: Any, name: str) -> str:
    return str(model._meta.get_field(name).column)


def _quoted(model: Any) -> str:
    return f'"{model._meta.db_table}"'

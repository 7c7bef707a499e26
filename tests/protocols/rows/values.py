"""Editions of every shape the vocabulary allows, drawn from the engine's own types."""

from __future__ import annotations

from dataclasses import MISSING, fields, is_dataclass, replace
from decimal import Decimal
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from protocols.engine import citing, formulary, pathway, regimen, terms

DRUGS = ("prednisolone", "vigabatrin")
SOURCES = ("S1", "S2")
PROTOCOLS = ("prednisolone-ukiss", "vigabatrin-ukiss")

words = st.text(alphabet="abc xyz“–é", min_size=1, max_size=12)
keys = st.text(alphabet="abcdefghij", min_size=1, max_size=8)
numbers = st.decimals(min_value="0.001", max_value=9999, places=3).map(lambda number: number.normalize() + 0)
days = st.integers(min_value=1, max_value=400)
spans = st.builds(pathway.Span, count=st.integers(-400, 400), unit=st.sampled_from(pathway.SpanUnit))
open_values = st.one_of(
    st.booleans(), st.integers(-5, 500), numbers, words, st.lists(keys, min_size=1, max_size=3).map(tuple)
)


def _unique(rows: tuple[Any, ...], *names: str) -> tuple[Any, ...]:
    """Rows without those that bear the same name as one before them."""
    seen: dict[tuple[Any, ...], Any] = {}
    for row in rows:
        seen.setdefault(tuple(getattr(row, name) for name in names), row)
    return tuple(seen.values())


# What two rows of one list may not have in common.
NAMES: dict[type, tuple[str, ...]] = {
    regimen.Choice: ("name", "drug"),
    regimen.Condition: ("key",),
    regimen.AllowedValue: ("value",),
    pathway.ResponseDefinition: ("key",),
    pathway.MonitoringRule: ("code", "part"),
    pathway.EscalationRule: ("code",),
    pathway.Parameter: ("name",),
    pathway.ReminderRung: ("ladder", "step", "role"),
    pathway.BpRow: ("sex", "from_month"),
    citing.Source: ("key",),
}
# Fields whose content follows other rules than their type.
FIELDS: dict[tuple[type, str], st.SearchStrategy[Any]] = {
    (citing.Cited, "source"): st.none() | st.sampled_from(SOURCES),
    (pathway.Basis, "source"): st.sampled_from(("", "S1")),
    (regimen.Part, "protocol"): st.sampled_from(PROTOCOLS),
    (regimen.DoseStep, "to_day"): st.none() | st.integers(400, 500),
    (pathway.BpRow, "sbp95"): st.integers(400, 500),
    (pathway.BpRow, "dbp95"): st.integers(400, 500),
    (regimen.ProtocolEdition, "edition"): st.just("1"),
    (pathway.PathwayEdition, "edition"): st.just("1"),
    (pathway.FirstChoice, "protocols"): st.lists(keys, min_size=1, max_size=2).map(tuple),
    (pathway.PathwayEdition, "sources"): st.just((citing.Source(key="S1", citation="A paper"),)),
}


def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Values of an engine type: each field by its type, each optional field sometimes at its default."""
    if kind is terms.Value:
        return st.builds(terms.Value, number=numbers) | st.builds(terms.Value, choice=keys)
    if kind is pathway.Span:
        return spans
    hints = get_type_hints(kind)
    drawn = {}
    for field in fields(kind):
        strategy = FIELDS.get((kind, field.name))
        if strategy is None:
            strategy = _of_hint(field.name, hints[field.name])
        always = field.default is MISSING or (kind, field.name) in FIELDS
        drawn[field.name] = strategy if always else st.just(field.default) | strategy
    made = st.builds(kind, **drawn)
    return made.map(_both_or_neither) if kind is regimen.DoseStep else made


def _both_or_neither(step: regimen.DoseStep) -> regimen.DoseStep:
    """A step that names a condition also names its branch."""
    if (step.condition is None) == (step.branch is None):
        return step
    return replace(step, condition=None, branch=None)


def _of_hint(name: str, hint: Any) -> st.SearchStrategy[Any]:  # noqa: PLR0911 - one line for each kind
    if hint == pathway.Value:
        return open_values
    if get_origin(hint) in {Union, UnionType}:
        members = [member for member in get_args(hint) if member is not NoneType]
        return st.none() | _of_hint(name, members[0])
    if get_origin(hint) is tuple:
        return _lists(name, get_args(hint)[0])
    if name == "drug":
        return st.sampled_from(DRUGS)
    if is_dataclass(hint):
        return values_of(hint)
    if issubclass(hint, StrEnum):
        return st.sampled_from(list(hint))
    return {str: keys, bool: st.booleans(), int: days, Decimal: numbers}[hint]


def _lists(name: str, kind: Any) -> st.SearchStrategy[Any]:
    rows = st.lists(_of_hint(name, kind), max_size=2).map(tuple)
    names = NAMES.get(kind)
    return rows.map(lambda held: _unique(held, *names)) if names else rows


def formulary_rows() -> tuple[tuple[formulary.Drug, ...], tuple[citing.Source, ...]]:
    """The drugs and sources that drawn editions point to."""
    drugs = tuple(
        formulary.Drug(
            key=key,
            name=key,
            drug_class=formulary.DrugClass.HORMONAL,
            unit="mg",
            route=formulary.Route.ORAL,
        )
        for key in DRUGS
    )
    return drugs, tuple(citing.Source(key=key, citation="A paper") for key in SOURCES)


def one_of_each(kind: Any) -> Any:
    """A value with one row of each kind below it and every field filled: the fullest edition there is."""
    if kind is terms.Value:
        return terms.Value(number=Decimal(3))
    if kind is pathway.Span:
        return pathway.Span(count=14)
    hints = get_type_hints(kind)
    return kind(**{field.name: _one(kind, field.name, hints[field.name]) for field in fields(kind)})


def _one(kind: Any, name: str, hint: Any) -> Any:
    if (kind, name) in CHOSEN:
        return CHOSEN[kind, name]
    if hint == pathway.Value:
        return Decimal("38.0")
    if get_origin(hint) in {Union, UnionType}:
        hint = next(member for member in get_args(hint) if member is not NoneType)
    if get_origin(hint) is tuple:
        return (_one(kind, name, get_args(hint)[0]),)
    if is_dataclass(hint):
        return one_of_each(hint)
    if issubclass(hint, StrEnum):
        return next(iter(hint))
    return {str: name, bool: True, int: 5, Decimal: Decimal("2.50")}[hint]


CHOSEN: dict[tuple[Any, str], Any] = {
    (citing.Cited, "source"): "S1",
    (pathway.Basis, "source"): "S1",
    (regimen.Part, "protocol"): "vigabatrin-ukiss",
    (regimen.ProtocolEdition, "edition"): "1",
    (pathway.PathwayEdition, "edition"): "1",
    (pathway.PathwayEdition, "sources"): (citing.Source(key="S1", citation="A paper"),),
    **{
        (kind, "drug"): "vigabatrin"
        for kind in (
            regimen.DoseStep,
            regimen.Condition,
            regimen.Choice,
            regimen.Maximum,
            regimen.Caution,
            regimen.LabelRange,
            regimen.Advice,
        )
    },
}

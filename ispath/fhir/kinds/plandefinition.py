"""PlanDefinition: signed editions of protocols and pathways; url and version never change their meaning."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.db.models import DateTimeField, Q, QuerySet, Value

from clinic.models import Actor
from ispath.fhir.answers import Resource
from ispath.fhir.elements import OURS, TERMINOLOGY, coding, resource
from ispath.fhir.filters import by_codes, by_text, by_token, by_words, text, token, uri
from ispath.fhir.past import counted_past
from ispath.fhir.registry import Kind, Source
from ispath.fhir.values import Token
from ispath.fhir.versions import Part, with_version
from protocols.models import PathwayEdition, ProtocolEdition

_BEFORE_ALL = datetime(2026, 1, 1, tzinfo=UTC)
_ADDRESS = f"{OURS}/PlanDefinition/"
_STATUS = {"signed": "draft", "in_force": "active", "retired": "retired"}
_TYPE = {"coding": [coding(f"{TERMINOLOGY}/plan-definition-type", "clinical-protocol", "Clinical Protocol")]}


def _visible(model: Any) -> Callable[[Actor], QuerySet[Any]]:
    def rows(actor: Actor) -> QuerySet[Any]:
        history = Part(
            rows=apps.get_model("protocols", f"{model.__name__}Event").objects.all(),
            points="pgh_obj",
            changed="pgh_created_at",
            counted=None,
        )
        return with_version(model.objects.signed(), Value(1), Value(_BEFORE_ALL, DateTimeField()), history)

    return rows


def _definition(row: Any, *, key: str, name: str, title: str) -> Resource:
    return resource(
        "PlanDefinition",
        row,
        url=f"{_ADDRESS}{key}",
        version=row.number,
        name=name,
        title=title,
        type=_TYPE,
        status=_STATUS[row.state],
        date=row.in_force_on.isoformat() if row.in_force_on else None,
        description=row.summary,
        effectivePeriod=_effective(row),
    )


def _effective(row: Any) -> Resource:
    bounds = {"start": row.in_force_on, "end": row.retired_on}
    return {name: day.isoformat() for name, day in bounds.items() if day is not None}


def _computable(key: str) -> str:
    """A name as FHIR wants it for programs: capital first, no dashes."""
    return "".join(word.capitalize() for word in key.split("-"))


def from_protocol(row: Any) -> Resource:
    """An edition of a regimen."""
    key = row.protocol.key
    return _definition(row, key=key, name=_computable(key), title=row.name)


def from_pathway(row: Any) -> Resource:
    """An edition of a pathway."""
    key = row.pathway.key
    return _definition(row, key=key, name=_computable(key), title=row.title)


def _signed_past(row: Any) -> list[Any]:
    """Nobody outside saw a draft."""
    return [past for past in counted_past(row) if past.second_signed_at is not None]


def _source(model: Any, parent: str, title: str, to_resource: Callable[[Any], Resource]) -> Source:
    def by_address(value: str) -> Q:
        address, _, version = value.partition("|")
        condition = Q(**{f"{parent}__key": address.removeprefix(_ADDRESS)}) & Q(pk__isnull=address == "")
        return condition & Q(number=version) if version else condition

    def by_version(one: Token) -> Q:
        return Q(number=one.code)

    return Source(
        rows=_visible(model),
        load=lambda rows: rows.select_related(parent),
        to_resource=to_resource,
        filters={
            "url": by_words(by_address),
            "version": by_token(by_version),
            "status": by_codes(
                {code: Q(state=state) for state, code in _STATUS.items()},
                system="http://hl7.org/fhir/publication-status",
            ),
            "title": by_text(title),
        },
        versions=_signed_past,
    )


PLANDEFINITION = Kind(
    name="PlanDefinition",
    parameters=(
        uri("url", "Canonical address, with |version where one edition is meant"),
        token("version", "Number of the edition"),
        token("status", "draft (signed, not yet in force), active, retired"),
        text("title", "Start of the title"),
    ),
    sources=(
        _source(ProtocolEdition, "protocol", "name", from_protocol),
        _source(PathwayEdition, "pathway", "title", from_pathway),
    ),
    in_compartment=False,
)

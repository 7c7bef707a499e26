"""One request to /fhir, read: its place, its caller, its wishes about format and strictness."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from django.http import HttpRequest

from clinic.models import Actor
from ispath.smart.authentication import Caller
from ispath.wire.problems import ProblemError

_JSON = frozenset({"application/fhir+json", "application/json", "json", "text/json", "*/*", "application/*"})
_FORM = "application/x-www-form-urlencoded"
_RESOURCE = ("application/fhir+json", "application/json")
_LONGEST_QUERY = 6000


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request whose caller is known."""

    request: HttpRequest
    base: str
    caller: Caller

    @property
    def actor(self) -> Actor:
        """Whose children may be seen."""
        return self.caller.actor

    @property
    def is_strict(self) -> bool:
        """Whether unknown parameters are to be refused (`Prefer: handling=strict`)."""
        preferred = self.request.headers.get("Prefer", "").replace(" ", "").lower()
        return "handling=strict" in preferred.replace(";", ",").split(",")

    def url(self) -> str:
        """The absolute address that was asked, without its query."""
        return self.request.build_absolute_uri(self.request.path)


def base_of(request: HttpRequest) -> str:
    """The absolute address of /fhir, as this caller reaches it."""
    return request.build_absolute_uri("/fhir")


def require_json(request: HttpRequest) -> None:
    """Refuse a request that wants something else than JSON."""
    wanted = request.GET.get("_format")
    if wanted is not None:
        media = [wanted.partition(";")[0].strip().lower().replace("fhir json", "fhir+json")]
    else:
        accepted = request.headers.get("Accept", "*/*")
        media = [part.partition(";")[0].strip().lower() for part in accepted.split(",") if part.strip()]
    if media and not _JSON & set(media):
        raise ProblemError("not-acceptable", "Only JSON is served here. Ask for application/fhir+json.")


def parameters_of(request: HttpRequest) -> list[tuple[str, str]]:
    """The parameters in the address and, of a POST _search, in the form; in the order in which they came."""
    query = str(request.META.get("QUERY_STRING", ""))
    if len(query) > _LONGEST_QUERY:
        sentence = "The query is too long. Send it as POST _search, or ask for less at once."
        raise ProblemError("uri-too-long", sentence)
    pairs = _pairs(query)
    if request.method == "POST":
        # Without a type a body would not be read, and a search without conditions finds everything.
        if request.content_type != _FORM and (request.content_type or request.body):
            raise ProblemError("unsupported-media-type", f"Send the parameters as {_FORM}.")
        pairs += [(name, value) for name, values in request.POST.lists() for value in values]
    return pairs


def operation_parameters_of(request: HttpRequest) -> list[tuple[str, str]]:
    """The parameters of an operation: as of a search, or in a Parameters resource."""
    if request.method != "POST" or request.content_type not in _RESOURCE:
        return parameters_of(request)
    try:
        given = json.loads(request.body or b"{}").get("parameter", [])
        named = [(one["name"], value) for one in given for name, value in one.items() if name != "name"]
    except (ValueError, RecursionError, AttributeError, KeyError, TypeError) as error:
        sentence = "The body is no Parameters resource. Send one, or put the parameters into the address."
        raise ProblemError("bad-json", sentence) from error
    return _pairs(str(request.META.get("QUERY_STRING", ""))) + [(str(name), str(v)) for name, v in named]


def _pairs(query: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query, keep_blank_values=True, max_num_fields=200)
    except ValueError as error:
        raise ProblemError(
            "bad-parameter", "The query has too many parameters. Ask for less at once."
        ) from error


def require_method(request: HttpRequest, allowed: Iterable[str]) -> None:
    """Refuse a method that the place does not have."""
    names = list(allowed)
    if request.method not in names:
        raise ProblemError(
            "method-not-allowed",
            f"{str(request.method)[:20]} is not supported here. Allowed: {', '.join(names) or 'nothing'}.",
            Allow=", ".join(names),
        )

"""The door of /fhir: every address is read here, and every answer leaves as application/fhir+json."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DataError, IntegrityError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from ispath.fhir import bundles
from ispath.fhir.answers import CONTENT_TYPE, Resource, fhir_answer, problem_answer, to_json
from ispath.fhir.asking import (
    Ask,
    base_of,
    operation_parameters_of,
    parameters_of,
    require_json,
    require_method,
)
from ispath.fhir.capability import capability_statement
from ispath.fhir.everything import everything
from ispath.fhir.history import version_of, versions_of
from ispath.fhir.kept import read_kept
from ispath.fhir.registry import Kind
from ispath.fhir.searching import answer_search
from ispath.fhir.served import KINDS
from ispath.fhir.subsets import subset_for_one
from ispath.fhir.windows import read_window
from ispath.smart.authentication import caller_of
from ispath.smart.views import token_address
from ispath.wire.etags import already_known, not_modified, tag_of_bytes, weak_tag
from ispath.wire.problems import ProblemError, problem_of_database, problem_of_refusal
from ispath.wire.request_ids import request_id_of
from protocols.refusal import Refusal

READING = ("GET", "HEAD")
SEARCHING = ("POST",)
# How names begin that stand for a doing and not for a type or an id.
_INTERACTION = ("$", "_")


@csrf_exempt
def fhir(request: HttpRequest, path: str = "") -> HttpResponse:
    """Answer one request; whatever is refused leaves as an OperationOutcome."""
    request_id = request_id_of(request)
    try:
        answer = _answer(request, path)
    except ProblemError as error:
        answer = problem_answer(error.problem, request_id=request_id)
    except Refusal as refusal:
        answer = problem_answer(problem_of_refusal(refusal), request_id=request_id)
    except (IntegrityError, DataError) as error:
        answer = problem_answer(problem_of_database(error), request_id=request_id)
    except RequestDataTooBig:
        answer = problem_answer(_too_large().problem, request_id=request_id)
    except SuspiciousOperation:
        answer = problem_answer(_unreadable().problem, request_id=request_id)
    return _finished(request, answer)


def _finished(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """The answer with what is left of the caller's minute, also where it is a refusal; no body for HEAD."""
    caller = getattr(request, "caller", None)
    for name, value in caller.allowance.headers().items() if caller is not None else ():
        answer.headers[name] = value
    if request.method == "HEAD":
        answer.headers["Content-Length"] = str(len(answer.content))
        answer.content = b""
    return answer


def _answer(request: HttpRequest, path: str) -> HttpResponse:
    require_json(request)
    base = base_of(request)
    match path.strip("/").split("/"):
        case ["metadata"]:
            require_method(request, READING)
            return _metadata(request, base)
        case [""]:
            require_method(request, ())
    caller = caller_of(request, now=timezone.now())
    return _route(Ask(request=request, base=base, caller=caller), path.strip("/").split("/"))


def _route(ask: Ask, steps: list[str]) -> HttpResponse:
    kind = _kind_named(steps[0])
    match steps[1:]:
        case []:
            require_method(ask.request, READING)
            return _search(ask, kind)
        case ["_history"]:
            sentence = (
                f"The history is kept for each resource: {kind.name}/ID/_history. For what changed since a "
                f"moment ask {kind.name}?_lastUpdated=ge…, or GET /api/v1/changes."
            )
            raise ProblemError("unsupported-interaction", sentence)
        case ["_search"]:
            require_method(ask.request, SEARCHING)
            return _search(ask, kind)
        case [name] if name.startswith(_INTERACTION):
            raise _unsupported(name)
        case [id_]:
            require_method(ask.request, READING)
            return _read(ask, kind, id_)
        case [id_, *rest]:
            return _about_one(ask, kind, id_, rest)
    raise _nothing_here()


def _kind_named(name: str) -> Kind:
    if name.startswith(_INTERACTION):
        raise _unsupported(name)
    if name not in KINDS:
        raise ProblemError("unknown-type", f"{name[:40]} is not served. Served: {', '.join(KINDS)}.")
    return KINDS[name]


def _about_one(ask: Ask, kind: Kind, id_: str, rest: list[str]) -> HttpResponse:
    match rest:
        case ["_history"]:
            require_method(ask.request, READING)
            ask.caller.require("r", kind.name)
            window = read_window(parameters_of(ask.request), strict=ask.is_strict)
            versions = versions_of(kind, id_, ask.actor)
            bundle = bundles.history(versions=versions, window=window, url=ask.url(), base=ask.base)
            return _uncached(to_json(bundle))
        case ["_history", version]:
            require_method(ask.request, READING)
            ask.caller.require("r", kind.name)
            past = version_of(kind, id_, version, ask.actor)
            return _one(ask, past["meta"], subset_for_one(parameters_of(ask.request)).of(to_json(past)))
        case ["$everything"] if kind.name == "Patient":
            require_method(ask.request, (*READING, *SEARCHING))
            return _uncached(everything(ask, id_, operation_parameters_of(ask.request)))
        case [name] if name.startswith(_INTERACTION):
            raise _unsupported(name)
    raise _nothing_here()


def _search(ask: Ask, kind: Kind) -> HttpResponse:
    return _uncached(answer_search(ask, kind, parameters_of(ask.request)))


def _read(ask: Ask, kind: Kind, id_: str) -> HttpResponse:
    ask.caller.require("r", kind.name)
    subset = subset_for_one(parameters_of(ask.request))
    kept = read_kept(kind, id_, ask.caller)
    return _one(ask, kept.meta, subset.of(kept.body))


def _one(ask: Ask, meta: Resource, body: bytes) -> HttpResponse:
    changed = datetime.fromisoformat(meta["lastUpdated"])
    tag = weak_tag(meta["versionId"])
    answer = HttpResponse(
        body,
        content_type=CONTENT_TYPE,
        headers={
            "ETag": tag,
            "Last-Modified": format_datetime(changed.replace(microsecond=0), usegmt=True),
            "Cache-Control": "private, no-cache",
        },
    )
    known = already_known(ask.request, tag, changed=changed)
    return not_modified(answer) if known else answer


def _metadata(request: HttpRequest, base: str) -> HttpResponse:
    statement = capability_statement(kinds=KINDS.values(), base=base, token_url=token_address(request))
    tag = tag_of_bytes(to_json(statement))
    answer = fhir_answer(statement, headers={"ETag": tag, "Cache-Control": "public, max-age=300"})
    return not_modified(answer) if already_known(request, tag) else answer


def _uncached(bundle: bytes) -> HttpResponse:
    return HttpResponse(bundle, content_type=CONTENT_TYPE, headers={"Cache-Control": "private, no-store"})


def _unsupported(name: str) -> ProblemError:
    sentence = f"{name[:40]} is not supported here. See /fhir/metadata for what is."
    return ProblemError("unsupported-interaction", sentence)


def _nothing_here() -> ProblemError:
    return ProblemError(
        "not-found", "There is nothing at this address. See /fhir/metadata for what is served."
    )


def _too_large() -> ProblemError:
    return ProblemError("too-large", "The body is too large. Ask for less at once.")


def _unreadable() -> ProblemError:
    return ProblemError("bad-request", "The request cannot be read. Check its parameters and its body.")

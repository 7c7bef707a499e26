"""What the schema says of every operation: the problems it may answer with."""

from __future__ import annotations

import json
from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from ispath.api.shapes_of_status import ProblemDetails

_PROBLEM = "application/problem+json"
# Any text that PostgreSQL can hold: a NUL character is the one it cannot.
SEEN = r"[^\s\u0000-\u001f\u007f-\u009f|]"  # a character that is more than a blank
WORD: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[^\\u0000]+$"}


def problems(*statuses: int) -> dict[Any, Any]:
    """The problem responses of an operation; every one of them may refuse the token or the pace."""
    words = {
        400: "A parameter is unknown or impossible.",
        401: "No valid access token.",
        403: "The token's scope is too narrow.",
        404: "Not there, or not for this client.",
        406: "Something else than JSON was asked for.",
        409: "Contradicts what is stored.",
        410: "It was erased, as the law or the family asked.",
        413: "The body is too large.",
        414: "The query is too long.",
        415: "The body is not JSON.",
        422: "A rule refuses this.",
        429: "Too many requests in a minute.",
    }
    return {
        (status, _PROBLEM): OpenApiResponse(ProblemDetails, description=words[status])
        for status in sorted({401, 403, 406, 414, 429, *statuses})
    }


def not_modified() -> dict[Any, Any]:
    """The answer to a caller who holds exactly this already."""
    return {304: OpenApiResponse(description="Nothing changed since the tag in If-None-Match.")}


IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="The ETag of the answer the caller holds."
)


def closed_documents(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:  # noqa: FBT001 - drf-spectacular's hook
    """Say in the schema that what comes in is needed, and has no fields but those it names."""
    components = result["components"]["schemas"]
    for name, component in components.items():
        if name.endswith("DocumentRequest") or name == "NumberRequest":
            component["additionalProperties"] = False
    for operations in result["paths"].values():
        if "requestBody" in operations.get("post", {}):
            operations["post"]["requestBody"]["required"] = True
    return result


def one_list_of_words(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:  # noqa: FBT001 - drf-spectacular's hook
    """Say a choice that may be blank in one enumeration: makers of clients trip over a union of two."""
    components = result["components"]["schemas"]
    joined: set[str] = set()
    for component in components.values():
        for prop in component.get("properties", {}).values():
            names = [part.get("$ref", "").rpartition("/")[2] for part in prop.get("oneOf", ())]
            if names and all("enum" in components.get(name, ()) for name in names):
                joined.update(names)
                del prop["oneOf"]
                prop |= {"type": "string", "enum": [w for name in names for w in components[name]["enum"]]}
    said = json.dumps(result)
    for name in joined:
        if f'/{name}"' not in said:
            del components[name]
    return result

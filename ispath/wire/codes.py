"""The stable error codes of both edges. A code is never renamed and never reused; new ones are added."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorCode:
    """One way a request can go wrong: the code, its HTTP status, its FHIR issue type and a short title."""

    code: str
    status: int
    issue: str
    title: str


def _table(*rows: tuple[str, int, str, str]) -> dict[str, ErrorCode]:
    return {
        code: ErrorCode(code=code, status=status, issue=issue, title=title)
        for code, status, issue, title in rows
    }


CODES = _table(
    ("bad-request", 400, "invalid", "The request cannot be read"),
    ("bad-parameter", 400, "invalid", "A parameter has an impossible value"),
    ("unknown-parameter", 400, "not-supported", "A parameter is not supported"),
    ("bad-page-token", 400, "invalid", "The page token is not one of ours"),
    ("bad-json", 400, "structure", "The body is not the JSON that was expected"),
    ("idempotency-key-missing", 400, "required", "A request that writes has no idempotency key"),
    ("unauthorized", 401, "login", "No valid access token"),
    ("insufficient-scope", 403, "forbidden", "The token's scope is too narrow"),
    ("forbidden", 403, "forbidden", "Not allowed"),
    ("not-found", 404, "not-found", "Nothing is here"),
    ("patient-not-found", 404, "not-found", "No child has this identifier"),
    ("unknown-type", 404, "not-supported", "This resource type is not served"),
    ("unsupported-interaction", 404, "not-supported", "This interaction is not supported"),
    ("method-not-allowed", 405, "not-supported", "This method is not supported here"),
    ("not-acceptable", 406, "not-supported", "Only JSON is served"),
    ("conflict", 409, "conflict", "This contradicts what is already stored"),
    ("idempotency-key-reused", 409, "conflict", "The idempotency key was used for another request"),
    ("request-in-progress", 409, "conflict", "The first request with this idempotency key is still running"),
    ("gone", 410, "deleted", "This was erased"),
    ("version-conflict", 412, "conflict", "The version is not the current one"),
    ("multiple-matches", 412, "multiple-matches", "More than one row matches"),
    ("too-large", 413, "too-long", "The request is too large"),
    ("uri-too-long", 414, "too-long", "The address is too long"),
    ("unsupported-media-type", 415, "not-supported", "This content type is not read"),
    ("invalid-value", 422, "value", "A value was refused"),
    ("refused", 422, "business-rule", "A rule refuses this"),
    ("precondition-required", 428, "business-rule", "An If-Match header is required"),
    ("rate-limited", 429, "throttled", "Too many requests"),
    ("internal", 500, "exception", "Something broke on our side"),
    ("try-later", 503, "transient", "Not ready, try again later"),
)

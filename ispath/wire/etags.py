"""Weak entity tags and conditional reads (RFC 9110)."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_http_date_safe


def weak_tag(version: str) -> str:
    """`W/"version"`, as FHIR wants it."""
    return f'W/"{version}"'


def tag_of_bytes(body: bytes) -> str:
    """A weak tag for an answer that has no version of its own."""
    return weak_tag(hashlib.sha256(body).hexdigest()[:24])


def already_known(request: HttpRequest, tag: str, *, changed: datetime | None = None) -> bool:
    """Whether the caller says that it holds exactly this: by If-None-Match, else by If-Modified-Since."""
    header = request.headers.get("If-None-Match")
    if header is None:
        since = request.headers.get("If-Modified-Since")
        moment = parse_http_date_safe(since) if since else None
        return changed is not None and moment is not None and int(changed.timestamp()) <= moment
    if header.strip() == "*":
        return True
    return _bare(tag) in {_bare(part) for part in header.split(",") if part.strip()}


def not_modified(response: HttpResponse) -> HttpResponse:
    """The 304 for an answer: its validators, no body."""
    answer = HttpResponse(status=304)
    for name in ("ETag", "Last-Modified", "Cache-Control", "Vary", "Content-Location"):
        if name in response.headers:
            answer.headers[name] = response.headers[name]
    del answer.headers["Content-Type"]
    return answer


def _bare(tag: str) -> str:
    return tag.strip().removeprefix("W/").strip('"')

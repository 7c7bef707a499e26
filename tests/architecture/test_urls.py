"""Every address of the installation is closed to strangers, unless it stands here with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

# route (as the URL conf writes it) -> why a stranger may open it. Add a line, and expect to be asked.
OPEN = {
    "admin/login/": "the log-in page itself",
    "admin/jsi18n/": "words of the admin's scripts, the same for everybody",
    ".well-known/smart-configuration": "where machine clients find the token endpoint",
    "api/v1/openapi.json": "the schema of the REST interface, the same for everybody",
    "api/v1/docs": "the page that shows the schema",
    "fhir/.well-known/smart-configuration": "the same document, where FHIR clients look for it",
}
# parts of the route that stand for a value, and a value that exists nowhere
BLANKS = (
    (re.compile(r"<int:[^>]+>"), "0"),
    (re.compile(r"<uuid:[^>]+>"), "00000000-0000-4000-8000-000000000000"),
    (re.compile(r"<(?:[a-z_]+:)?[^>]+>"), "none"),
)
# a part of a route that stands for a value, and its name
PART = re.compile(r"<(?:[a-z_]+:)?(?P<name>[a-z_]+)>")
CLOSED = {302, 401, 403, 404, 405, 410}


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern).removeprefix("^")
        if isinstance(entry, URLResolver):
            yield from routes(entry, route)
        elif isinstance(entry, URLPattern):
            yield route


def an_address(route: str) -> str:
    for blank, value in BLANKS:
        route = blank.sub(value, route)
    return "/" + re.sub(r"\(\?P<[^)]*\)|\[\^/\.\]\+|[\\^$?]|\\Z", "", route)


ROUTES = sorted(set(routes(get_resolver())))


@pytest.mark.django_db
@pytest.mark.parametrize("route", [route for route in ROUTES if route not in OPEN])
def test_a_stranger_gets_nothing(client: Client, route: str) -> None:
    answer = client.get(an_address(route))

    assert answer.status_code in CLOSED, f"{route} answered {answer.status_code}; see OPEN"
    if answer.status_code == 302:
        assert answer.headers["Location"].startswith(("/admin/login/", "/")), route


@pytest.mark.parametrize("route", OPEN)
def test_what_is_said_to_be_open_exists(route: str) -> None:
    assert route in ROUTES, f"{route} is gone: take its line out"

"""Behind a proxy each visitor is counted alone; nobody can choose another address by a header."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings

from ispath.environment import PARSERS, Malformed, read
from ispath.visitors import visitor

OURS = (ip_network("10.0.0.0/8"), ip_network("2001:db8::/32"))
PAGE = "/letters/" + "A" * 43 + "/"


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("10.0.0.2", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.2", "203.0.113.7, 10.0.0.9", "203.0.113.7"),
        ("10.0.0.2", "198.51.100.1, 203.0.113.7", "203.0.113.7"),  # the first was typed by the visitor
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),  # no proxy of ours: nothing is believed
        ("10.0.0.2", "", "10.0.0.2"),
        ("10.0.0.2", "unknown", "10.0.0.2"),
        ("2001:db8::2", "2a00::7", "2a00::7"),
        ("", "203.0.113.7", ""),
    ],
)
def test_the_visitor_is_the_nearest_address_that_is_not_ours(peer: str, forwarded: str, found: str) -> None:
    assert visitor(peer, forwarded, trusted=OURS) == found


def test_a_network_that_is_none_is_refused_with_what_to_type() -> None:
    with pytest.raises(Malformed, match="type networks"):
        PARSERS["TRUSTED_PROXIES"]("10.0.0.1/8")
    with pytest.raises(ImproperlyConfigured, match="TRUSTED_PROXIES cannot be used"):
        read({"TRUSTED_PROXIES": "the proxy"})


@pytest.mark.django_db
@pytest.mark.parametrize(("trusted", "second_visitor"), [(OURS, 404), ((), 429)])
def test_one_visitor_behind_a_proxy_uses_up_nobody_elses_visits(
    client: Client, settings: Settings, trusted: tuple[object, ...], second_visitor: int
) -> None:
    cache.clear()
    settings.TRUSTED_PROXIES = trusted
    for _ in range(61):
        last = client.post(PAGE, REMOTE_ADDR="10.0.0.2", HTTP_X_FORWARDED_FOR="203.0.113.7")

    other = client.post(PAGE, REMOTE_ADDR="10.0.0.2", HTTP_X_FORWARDED_FOR="203.0.113.8")

    assert last.status_code == 429
    assert other.status_code == second_visitor

"""Public keys at an address: fetched sparingly, and never from inside our own network."""

from __future__ import annotations

import http.server
import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from ispath.smart.client_keys import key_of_client
from ispath.smart.clients import PublicKeys
from ispath.smart.fetching import UnfetchableKeySetError, is_public, judged_address
from ispath.smart.models import ApiClient
from tests.factories.clinic import NOW
from tests.factories.smart import an_api_client, ask_token, assertion, ec_key, public_set, rsa_key


@dataclass
class KeyServer:
    """A JWK set server of an EHR, which counts how often it is asked."""

    port: int = 0
    status: int = 200
    body: bytes = b""
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/jwks"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"


@pytest.fixture
def key_server(settings: Settings) -> Iterator[KeyServer]:
    state = KeyServer(body=json.dumps(public_set(ec_key())).encode())

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(self.path)
            self.send_response(state.status)
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.end_headers()
            self.wfile.write(state.body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Stay quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.port = server.server_address[1]
    settings.JWKS_PRIVATE_HOSTS = (state.host,)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


def a_client_at(server: KeyServer) -> ApiClient:
    return an_api_client(keys=PublicKeys(url=server.url))


@pytest.mark.django_db
def test_keys_at_an_address_the_operator_allows_open_the_door(client: Client, key_server: KeyServer) -> None:
    ehr = a_client_at(key_server)

    first, second = ask_token(client, assertion(ehr)), ask_token(client, assertion(ehr))

    assert (first.status_code, second.status_code) == (200, 200)
    assert key_server.asked == ["/jwks"]


@pytest.mark.django_db
def test_an_unknown_kid_asks_again_once_a_minute_at_most(key_server: KeyServer) -> None:
    ehr = a_client_at(key_server)
    assert key_of_client(ehr, kid="ec-1", now=NOW) is not None

    for second in range(1, 50, 10):
        assert key_of_client(ehr, kid="new", now=NOW + timedelta(seconds=second)) is None
    assert len(key_server.asked) == 1

    key_server.body = json.dumps(public_set(ec_key(), rsa_key("new"))).encode()
    assert key_of_client(ehr, kid="new", now=NOW + timedelta(seconds=61)) is not None
    assert len(key_server.asked) == 2


@pytest.mark.django_db
def test_a_key_server_that_sleeps_does_not_lock_the_ehr_out(key_server: KeyServer) -> None:
    ehr = a_client_at(key_server)
    key_of_client(ehr, kid="ec-1", now=NOW)
    key_server.status = 503

    later = key_of_client(ehr, kid="ec-1", now=NOW + timedelta(hours=2))

    assert later is not None
    assert len(key_server.asked) == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "body"),
    [(404, b""), (302, b""), (200, b"not json"), (200, b"x" * 200_000), (200, b'{"keys": []}'), (200, b"[]")],
)
def test_a_bad_answer_is_no_key(key_server: KeyServer, status: int, body: bytes) -> None:
    ehr = a_client_at(key_server)
    key_server.status, key_server.body = status, body

    assert key_of_client(ehr, kid="ec-1", now=NOW) is None


@pytest.mark.parametrize(
    "url",
    [
        "http://keys.example.org/jwks",
        "ftp://keys.example.org/jwks",
        "file:///etc/passwd",
        "https://",
        "https://user@127.0.0.1/jwks",
        "https://127.0.0.1/jwks",
        "https://localhost/jwks",
        "https://[::1]/jwks",
        "https://[::ffff:10.0.0.1]/jwks",
        "https://10.1.2.3/jwks",
        "https://169.254.169.254/latest/meta-data",
        "https://192.168.0.1/jwks",
        "https://0.0.0.0/jwks",
        "https://127.0.0.1:99999/jwks",
        "https://2130706433/jwks",
    ],
)
def test_an_address_inside_our_network_is_refused(url: str) -> None:
    with pytest.raises(UnfetchableKeySetError):
        judged_address(url, private_hosts=frozenset())


def test_a_name_that_leads_to_one_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def both(*args: object, **kwargs: object) -> list[Any]:
        return [(0, 0, 0, "", ("93.184.216.34", 443)), (0, 0, 0, "", ("10.0.0.1", 443))]

    monkeypatch.setattr(socket, "getaddrinfo", both)

    with pytest.raises(UnfetchableKeySetError):
        judged_address("https://rebinding.example/jwks", private_hosts=frozenset())


def test_the_connection_goes_to_the_address_that_was_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    public: Callable[..., list[Any]] = lambda *a, **k: [(0, 0, 0, "", ("93.184.216.34", 443))]  # noqa: E731
    monkeypatch.setattr(socket, "getaddrinfo", public)

    address = judged_address("https://keys.example.org/jwks?v=1", private_hosts=frozenset())

    assert (address.ip, address.host, address.path, address.is_secure) == (
        "93.184.216.34",
        "keys.example.org",
        "/jwks?v=1",
        True,
    )


@pytest.mark.parametrize(
    ("ip", "expected"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("fe80::1", False),
        ("224.0.0.1", False),
        ("100.64.0.1", False),
    ],
)
def test_which_addresses_are_public(ip: str, expected: bool) -> None:
    assert is_public(ip) is expected

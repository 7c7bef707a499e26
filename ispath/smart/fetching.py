"""Fetching a client's JWK set from its URL, without being sent into our own network.

The name is resolved once, every address is judged, and the connection goes to the judged address: a name
that answers differently the second time gains nothing. No redirects, small answers, short patience.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import SplitResult, urlsplit

from protocols.refusal import Refusal

_PATIENCE_SECONDS = 5.0
_LARGEST_ANSWER = 128 * 1024
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class UnfetchableKeySetError(Refusal):
    """The JWK set URL is not one we go to, or it did not answer with a JWK set."""

    code = "unfetchable-key-set"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySetAddress:
    """A judged address: where to connect, and which name to ask for there."""

    host: str
    port: int
    ip: str
    path: str
    is_secure: bool


def fetch_text(url: str, *, private_hosts: frozenset[str]) -> str:
    """The text at the URL; `private_hosts` names the host:port pairs that may lie in a private network."""
    address = judged_address(url, private_hosts=private_hosts)
    connection = _connection_to(address)
    try:
        connection.request(
            "GET", address.path, headers={"Accept": "application/json", "Host": _host_header(address)}
        )
        answer = connection.getresponse()
        body = answer.read(_LARGEST_ANSWER + 1)
    except (OSError, HTTPException) as error:
        raise UnfetchableKeySetError("The JWK set URL did not answer. Check that it is reachable.") from error
    finally:
        connection.close()
    if answer.status != HTTPStatus.OK or len(body) > _LARGEST_ANSWER:
        raise UnfetchableKeySetError("The JWK set URL did not answer 200 with a JWK set of less than 128 kB.")
    return body.decode("utf-8", errors="replace")


def judged_address(url: str, *, private_hosts: frozenset[str]) -> KeySetAddress:
    """Where the URL leads, refused when it is not https or leads into a private network."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", _port_of(parts)
    is_listed = f"{host}:{port}" in private_hosts
    if not host or parts.username or parts.scheme not in (("https", "http") if is_listed else ("https",)):
        raise UnfetchableKeySetError("A JWK set URL starts with https:// and holds no user name.")
    ips = _resolved(host, port)
    if not is_listed and not all(is_public(ip) for ip in ips):
        raise UnfetchableKeySetError(
            "The JWK set URL leads into a private network. JWKS_PRIVATE_HOSTS can allow its host."
        )
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return KeySetAddress(host=host, port=port, ip=ips[0], path=path, is_secure=parts.scheme == "https")


def is_public(ip: str) -> bool:
    """Whether an address lies in the open internet, whatever form it is written in."""
    address = ipaddress.ip_address(ip)
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or _translated(address)
        if inner is not None:
            address = inner
    return address.is_global and not address.is_multicast and not address.is_reserved


def _translated(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def _port_of(parts: SplitResult) -> int:
    try:
        return parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise UnfetchableKeySetError("The port of the JWK set URL is not a number.") from error


def _resolved(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnfetchableKeySetError("The host of the JWK set URL is not known.") from error
    return [str(entry[4][0]).partition("%")[0] for entry in found]


def _connection_to(address: KeySetAddress) -> HTTPConnection:
    if not address.is_secure:
        return HTTPConnection(address.ip, address.port, timeout=_PATIENCE_SECONDS)
    return _PinnedConnection(address)


def _host_header(address: KeySetAddress) -> str:
    name = f"[{address.host}]" if ":" in address.host else address.host
    return name if address.port in (80, 443) else f"{name}:{address.port}"


class _PinnedConnection(HTTPSConnection):
    """Connects to the judged address, and checks the certificate against the name."""

    def __init__(self, address: KeySetAddress) -> None:
        self._tls = ssl.create_default_context()
        super().__init__(address.ip, address.port, timeout=_PATIENCE_SECONDS, context=self._tls)
        self._name = address.host

    def connect(self) -> None:
        plain = socket.create_connection((self.host, self.port), self.timeout)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self._name)

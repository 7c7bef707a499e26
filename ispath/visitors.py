"""Whose request it is, where proxies stand in front. What a stranger claims about itself is not believed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Network = IPv4Network | IPv6Network


class VisitorMiddleware:
    """Put the visitor's own address into REMOTE_ADDR, so that limits count visitors and not the proxy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Read X-Forwarded-For only as far as it was written by proxies of ours."""
        if settings.TRUSTED_PROXIES:
            request.META["REMOTE_ADDR"] = visitor(
                request.META.get("REMOTE_ADDR", ""),
                request.META.get("HTTP_X_FORWARDED_FOR", ""),
                trusted=settings.TRUSTED_PROXIES,
            )
        return self.get_response(request)


def visitor(peer: str, forwarded: str, *, trusted: Sequence[Network]) -> str:
    """The nearest address that is not a proxy of ours: each proxy adds whom it heard from at the end."""
    address = peer
    for hop in reversed(forwarded.split(",")):
        if not _is_ours(address, trusted) or not _is_address(hop.strip()):
            break
        address = hop.strip()
    return address


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_ours(address: str, trusted: Sequence[Network]) -> bool:
    return _is_address(address) and any(ip_address(address) in network for network in trusted)

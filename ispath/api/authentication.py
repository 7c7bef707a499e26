"""Bearer tokens of SMART Backend Services, as DRF wants them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from ispath.smart.authentication import Caller, caller_of


class BearerAuthentication(BaseAuthentication):
    """The caller stands where Django has a user: a program, never a person."""

    def authenticate(self, request: Request) -> tuple[Caller, None]:
        """The caller; `unauthorized` without a live token, which DRF must not soften to 403."""
        return caller_of(request._request, now=timezone.now()), None  # noqa: SLF001 - DRF's own way to it

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return 'Bearer realm="ispath"'


class BearerScheme(OpenApiAuthenticationExtension):
    """How the schema describes it."""

    target_class = "ispath.api.authentication.BearerAuthentication"
    name = "smartBackend"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """A bearer token from the token endpoint."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of POST /auth/token (SMART Backend Services, private_key_jwt).",
        }

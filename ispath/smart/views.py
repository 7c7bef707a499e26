"""The token endpoint and the discovery documents."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from ispath.smart.assertions import InvalidAssertionError, client_of_assertion
from ispath.smart.keys import ALGORITHMS
from ispath.smart.scopes import granted
from ispath.smart.tokens import issue_token
from ispath.wire.fhir_types import FHIR_TYPES
from ispath.wire.limits import count_request

TOKEN_PATH = "/auth/token"  # noqa: S105 - an address, not a secret
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_TRIES_PER_MINUTE = 300


@method_decorator(csrf_exempt, name="dispatch")
class TokenView(View):
    """`POST /auth/token`: a signed assertion in, a short-lived bearer token out."""

    http_method_names = ["post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Answer; a form that is not read whole is refused as OAuth 2.0 wants it."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except RequestDataTooBig:
            return _oauth_error("invalid_request", "The form is too large. Send one assertion.", status=413)
        except SuspiciousOperation:
            return _oauth_error("invalid_request", "The form cannot be read. Send each field once.")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Answer as OAuth 2.0 wants it, errors too."""
        now = timezone.now()
        allowance = count_request(
            who=f"token:{request.META.get('REMOTE_ADDR')}", limit=_TRIES_PER_MINUTE, now=now
        )
        if allowance.is_spent:
            refused = _oauth_error(
                "temporarily_unavailable", "Too many requests. Wait and try again.", status=429
            )
            refused.headers["Retry-After"] = str(allowance.reset_seconds)
            return refused
        grant = request.POST.get("grant_type", "")
        if grant != "client_credentials":
            error = "unsupported_grant_type" if grant else "invalid_request"
            return _oauth_error(error, "Send grant_type=client_credentials.")
        if request.POST.get("client_assertion_type") != _ASSERTION_TYPE:
            return _oauth_error("invalid_request", f"Send client_assertion_type={_ASSERTION_TYPE}.")
        try:
            client = client_of_assertion(
                assertion=request.POST.get("client_assertion", ""), audiences=_audiences(request), now=now
            )
        except InvalidAssertionError as refusal:
            return _oauth_error("invalid_client", refusal.sentence, status=401)
        scopes = granted(asked=request.POST.get("scope", ""), registered=client.scopes)
        if not scopes:
            return _oauth_error(
                "invalid_scope", "None of the scopes asked for is registered for this client."
            )
        token = issue_token(client=client, scopes=scopes, now=now)
        return _uncached(
            {
                "access_token": token.token,
                "token_type": "bearer",
                "expires_in": token.expires_in,
                "scope": token.scopes,
            }
        )

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """405, as OAuth JSON too."""
        refused = _oauth_error("invalid_request", "The token endpoint takes POST only.", status=405)
        refused.headers["Allow"] = "POST"
        return refused


def smart_configuration(request: HttpRequest) -> HttpResponse:
    """The discovery document, at the host root and under /fhir, as application/json whatever is accepted."""
    if request.method not in ("GET", "HEAD"):
        return JsonResponse({"error": "method-not-allowed"}, status=405, headers={"Allow": "GET, HEAD"})
    return JsonResponse(
        {
            "token_endpoint": token_address(request),
            "grant_types_supported": ["client_credentials"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
            "scopes_supported": ["system/*.rs", "system/*.read", *_scopes_of_types(), *_ENTERING],
            "response_types_supported": [],
            "capabilities": ["client-confidential-asymmetric", "permission-v1", "permission-v2"],
            "code_challenge_methods_supported": ["S256"],
        },
        headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=300"},
    )


def token_address(request: HttpRequest) -> str:
    """The absolute address of the token endpoint, as this caller reaches us."""
    return request.build_absolute_uri(TOKEN_PATH)


# What REST takes in; FHIR itself is only read.
_ENTERING = ("system/Patient.c", "system/MedicationRequest.c", "system/Observation.c")


def _scopes_of_types() -> list[str]:
    return [f"system/{name}.rs" for name in FHIR_TYPES]


def _audiences(request: HttpRequest) -> frozenset[str]:
    return frozenset({token_address(request), settings.BASE_URL.rstrip("/") + TOKEN_PATH})


def _oauth_error(error: str, sentence: str, *, status: int = 400) -> HttpResponse:
    return _uncached({"error": error, "error_description": sentence}, status=status)


def _uncached(content: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return JsonResponse(content, status=status, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})

"""What every view has: its caller, and on the way out what is left of the caller's minute."""

from __future__ import annotations

from typing import Any

from ispath.smart.authentication import Caller
from ispath.wire.problems import ProblemError


class OfCaller:
    """Mixed into views. The caller stands where DRF has a user."""

    request: Any

    @property
    def caller(self) -> Caller:
        """Who asks."""
        user = self.request.user
        if not isinstance(user, Caller):
            raise ProblemError("unauthorized", "This needs an access token of the token endpoint.")
        return user

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Add the RateLimit-* headers; a request that was refused at the door has none.

        What says nothing of keeping copies is not to be kept.
        """
        answer = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]
        answer.headers.setdefault("Cache-Control", "private, no-store")
        caller = getattr(request._request, "caller", None)  # noqa: SLF001 - DRF's own way to it
        if isinstance(caller, Caller):
            for name, value in caller.allowance.headers().items():
                answer.headers[name] = value
        return answer

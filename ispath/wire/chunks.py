"""Bodies in chunks: the clients of .NET and Java send them so, and Django reads none without a length."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from django.conf import settings

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


def with_whole_bodies(application: Wsgi) -> Wsgi:
    """The application, which sees every body with its length; of one too large, enough to be refused."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
            body = environ["wsgi.input"].read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
            environ["wsgi.input"], environ["CONTENT_LENGTH"] = BytesIO(body), str(len(body))
        return application(environ, start_response)

    return answer

"""A body that comes in chunks has no length; it is read all the same."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any

import pytest

from ispath.wire.chunks import with_whole_bodies


def seen_with(environ: dict[str, Any], body: bytes) -> dict[str, Any]:
    """What the application sees of a request."""
    seen: dict[str, Any] = {}

    def application(given: dict[str, Any], _start: Any) -> Iterable[bytes]:
        seen.update(given)
        return []

    with_whole_bodies(application)({"wsgi.input": BytesIO(body), **environ}, None)
    return seen


@pytest.mark.parametrize(
    ("environ", "length"),
    [
        ({"HTTP_TRANSFER_ENCODING": "chunked"}, "11"),
        ({"HTTP_TRANSFER_ENCODING": "gzip, Chunked"}, "11"),
        ({"CONTENT_LENGTH": "5"}, "5"),
        ({}, None),
    ],
)
def test_a_body_in_chunks_gets_its_length(environ: dict[str, Any], length: str | None) -> None:
    seen = seen_with(environ, b"eleven byte")

    assert seen.get("CONTENT_LENGTH") == length
    assert seen["wsgi.input"].read() == b"eleven byte"


def test_of_a_body_too_large_enough_is_read_to_refuse_it(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10

    assert seen_with({"HTTP_TRANSFER_ENCODING": "chunked"}, b"x" * 100)["CONTENT_LENGTH"] == "11"

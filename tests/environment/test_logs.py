from __future__ import annotations

import io
import json
import logging
import logging.config
from collections.abc import Iterator

import pytest
import structlog
from django.db import DatabaseError
from django.test import RequestFactory

from ispath import logs

MRN = "MRN-900001"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """The log of a production process."""
    before = structlog.get_config()
    stream = io.StringIO()
    configuration = logs.configuration(log_format="json", level="INFO", messages=False)
    configuration["handlers"]["standard"]["stream"] = stream
    configuration["loggers"] = {}
    configuration["root"] = {}
    configuration["loggers"]["a.test"] = {"handlers": ["standard"], "level": "INFO", "propagate": False}
    logging.config.dictConfig(configuration)
    yield stream
    structlog.configure(**before)


def fail_with_a_number() -> None:
    try:
        int(MRN)
    except ValueError as error:
        raise DatabaseError(f"Key (value)=({MRN}) already exists") from error


@pytest.mark.parametrize("logger", [logging.getLogger("a.test"), structlog.get_logger("a.test")])
def test_an_exception_is_logged_by_its_place_and_kind_never_by_its_words(
    lines: io.StringIO, logger: logging.Logger
) -> None:
    try:
        fail_with_a_number()
    except DatabaseError:
        logger.exception("could not write")

    line = json.loads(lines.getvalue())
    assert line["event"] == "could not write"
    assert "DatabaseError" in line["exception"]
    assert "ValueError" in line["exception"]
    assert "fail_with_a_number" in line["exception"]
    assert MRN not in lines.getvalue()


def test_a_request_is_logged_without_its_query() -> None:
    request = RequestFactory().get("/api/v1/status", {"mrn": MRN})

    assert logs.RequestMiddleware.format_request(request) == "GET /api/v1/status"


def test_ids_that_the_code_gives_are_kept(lines: io.StringIO) -> None:
    structlog.get_logger("a.test").info("reviewed", enrolment="0b1c")

    assert json.loads(lines.getvalue())["enrolment"] == "0b1c"

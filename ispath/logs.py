"""Structured logs: one line an occurrence, a request or task id in each, nothing about a child in any.

What a person typed may stand in a query string, in an error's message or in the values of a failed row, so
none of the three is written: a log line names the place in the code, and the ids that the code gave it.
"""

from __future__ import annotations

import logging
import traceback
from typing import Any

import structlog
from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware as StructlogRequestMiddleware
from structlog.typing import EventDict, ExcInfo, Processor


class RequestMiddleware(StructlogRequestMiddleware):
    """django-structlog's, without the query string, where an EHR may put a record number."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {request.path}"


def where_it_broke(exc_info: ExcInfo) -> str:
    """The frames and the kind of an exception, without its message and without values."""
    kind, error, _ = exc_info
    lines: list[str] = []
    link: BaseException | None = error
    while link is not None:
        lines += [f"{type(link).__module__}.{type(link).__qualname__}"]
        lines += [f"  {f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(link.__traceback__)]
        link = link.__cause__ or link.__context__
    return "\n".join(lines) or kind.__qualname__


def without_messages(_logger: Any, _name: str, event: EventDict) -> EventDict:
    exc_info = event.pop("exc_info", None)
    if isinstance(exc_info, BaseException):
        exc_info = (type(exc_info), exc_info, exc_info.__traceback__)
    if isinstance(exc_info, tuple) and exc_info[0] is not None:
        event["exception"] = where_it_broke(exc_info)
    return event


def keep_exc_info(_logger: Any, _name: str, event: EventDict) -> EventDict:
    """Turn exc_info=True into the exception itself while it is still being handled."""
    if event.get("exc_info") is True:
        import sys  # noqa: PLC0415

        event["exc_info"] = sys.exc_info()
    return event


def processors(*, messages: bool) -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        keep_exc_info,
        *(() if messages else (without_messages,)),
    ]


def configuration(*, log_format: str, level: str, messages: bool) -> dict[str, Any]:
    """Python's logging settings; `messages` lets exceptions say their text (a developer's machine only)."""
    shared = processors(messages=messages)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer: Processor = structlog.processors.JSONRenderer()
    if log_format == "console":
        renderer = structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
                "foreign_pre_chain": shared,
            }
        },
        "handlers": {"standard": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["standard"], "level": level},
        "loggers": {
            "django": {"level": level, "propagate": True, "handlers": []},
            "django.server": {"level": level, "propagate": True, "handlers": []},
            "kombu": {"level": max(level_number(level), logging.WARNING)},
            "axes": {"level": logging.ERROR},  # its lines name who tried to log in
        },
    }


def level_number(level: str) -> int:
    return logging.getLevelNamesMapping()[level]

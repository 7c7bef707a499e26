"""What is read of a request's body."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.fields import CharField
from rest_framework.parsers import JSONParser


class JsonBody(JSONParser):
    """JSON; what is nested deeper than Python reads is refused like what is no JSON at all."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """The document in the body."""
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError from error


class Text(CharField):
    """Text. A number is refused: as one, a record number has lost its leading zeros."""

    default_error_messages = {"invalid": "This is text. Write it between quotation marks."}

    def to_internal_value(self, data: Any) -> str:
        """The text as it was sent."""
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))

"""`manage.py openapi`: write the schema of the REST side, or with --check compare it with the docs."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

TARGET = Path("docs/ehr/openapi.json")


class Command(BaseCommand):
    help = "Write the OpenAPI 3.1 schema of the REST interface to docs/ehr/openapi.json."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail if the file is old")

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / TARGET
        text = schema_text()
        if not options["check"]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            raise CommandError(f"{TARGET} does not match the code. Type python3 dev.py docs and look at it.")


def schema_text() -> str:
    """The schema as it is served, with its keys in order."""
    schema = SchemaGenerator().get_schema(public=True)
    validate_schema(schema)
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"

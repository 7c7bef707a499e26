"""`manage.py openapi`: write the schema and the table of error codes, or with --check compare them."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from ispath.wire.codes import CODES

SCHEMA, ERRORS = Path("docs/ehr/openapi.json"), Path("docs/ehr/errors.md")

ERRORS_HEAD = """# Error codes

REST answers with `application/problem+json` (RFC 9457): `type`, `title`, `status`, `detail`, `instance`,
and our `code`, `request_id` and `field`. FHIR answers with an OperationOutcome whose `details.coding` holds
the same code. A rule of the database has a code of its own name, with status 409. `detail` is for people and
may change; the code never does.

| HTTP | code | FHIR issue type | when |
|---|---|---|---|
"""


class Command(BaseCommand):
    help = "Write the OpenAPI 3.1 schema of the REST interface and the table of error codes to docs/ehr."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail if a file is old")

    def handle(self, *args: Any, **options: Any) -> None:
        for target, text in ((SCHEMA, schema_text()), (ERRORS, errors_text())):
            path = settings.BASE_DIR / target
            if not options["check"]:
                path.write_text(text, encoding="utf-8")
            elif not path.exists() or path.read_text(encoding="utf-8") != text:
                raise CommandError(
                    f"{target} does not match the code. Type python3 dev.py docs and look at it."
                )


def errors_text() -> str:
    """The error codes of both edges as a page."""
    rows = [f"| {one.status} | `{one.code}` | {one.issue} | {one.title} |" for one in CODES.values()]
    return ERRORS_HEAD + "\n".join(rows) + "\n"


def schema_text() -> str:
    """The schema as it is served, with its keys in order."""
    schema = SchemaGenerator().get_schema(public=True)
    validate_schema(schema)
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"

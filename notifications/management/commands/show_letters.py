"""Print every letter that is sent, as a practice gets it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from notifications.letters.examples import examples

TARGET = Path(__file__).resolve().parents[3] / "docs" / "letters.md"
HEAD = """# The letters

Every letter ispath sends, as a practice gets it in plain text; the same words go beside it as HTML. No letter
holds a name, a birth date, a record number, a drug, a diagnosis or a value: a test renders each of them for a
child with a canary in every private field. Printed by `manage.py show_letters --write`, compared by checks.
"""


def page() -> str:
    """All letters on one page."""
    parts = [HEAD]
    for name, message in examples():
        attached = ", ".join(str(each[2]).split(";")[0] for each in message.attachments)
        with_date = f"\n\nWith it: {attached}." if attached else ""
        body = str(message.body).strip()
        parts.append(f"## {name}\n\n**{message.subject}**\n\n```text\n{body}\n```{with_date}\n")
    return "\n".join(parts)


class Command(BaseCommand):
    """manage.py show_letters [--write [--check]]."""

    help = "Print every letter, or write them to docs/letters.md. Needs no database."
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Say what is needed."""
        parser.add_argument("--write", action="store_true")
        parser.add_argument("--check", action="store_true", help="compare instead of writing")

    def handle(self, *_: Any, write: bool, check: bool, **__: Any) -> None:
        """Print, write or compare."""
        if check:
            if not TARGET.exists() or TARGET.read_text(encoding="utf-8") != page():
                raise CommandError(f"{TARGET.name} does not match the letters.")
        elif write:
            TARGET.write_text(page(), encoding="utf-8")
        else:
            self.stdout.write(page())

"""Print, write or compare the page about the life of an edition."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from protocols.describing.life import page

PAGE = Path("docs/editions.md")


class Command(BaseCommand):
    help = "Describe the life of an edition, from the table that the trigger obeys."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help=f"write {PAGE}")
        parser.add_argument("--check", action="store_true", help=f"fail where {PAGE} is out of date")

    def handle(self, *_: Any, **options: Any) -> None:
        if options["check"]:
            if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page():
                raise CommandError(f"{PAGE} is out of date. Type: python manage.py describe_editions --write")
        elif options["write"]:
            PAGE.write_text(page(), encoding="utf-8")
        else:
            self.stdout.write(page(), ending="")

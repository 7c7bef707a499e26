"""Write an edition of a protocol or pathway as a library file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from protocols.refusal import Refusal
from protocols.travelling import find, to_text


class Command(BaseCommand):
    help = "Write an edition of a protocol or pathway as a library file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", help="of the protocol or pathway")
        parser.add_argument("--edition", help="its number; without one, the newest that was checked")
        parser.add_argument("--output", type=Path, help="a file to write; without one, to the screen")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            text = to_text(find(options["key"], options["edition"]))
        except Refusal as refusal:
            raise CommandError(refusal.sentence, returncode=2) from refusal
        if options["output"]:
            options["output"].write_text(text, encoding="utf-8")
        else:
            self.stdout.write(text, ending="")

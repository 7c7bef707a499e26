"""Read a library file into a draft. Nothing is signed by importing it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from protocols.drafting import draft_from
from protocols.refusal import Refusal
from protocols.travelling import from_text


class Command(BaseCommand):
    help = "Read a protocol or pathway file into a draft. Every mistake in it is listed with its path."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", required=True, help="user name of the person who drafts it")
        parser.add_argument("--reason", default="", help="why, in words a colleague can weigh")

    def handle(self, *_: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            text = path.read_text(encoding="utf-8")
            by = User.objects.get(username=options["by"])
            values = from_text(text, path=path.name)
            edition = draft_from(values, reason=options["reason"], by=by, now=timezone.now())
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path} cannot be read: {error}", returncode=2) from error
        except User.DoesNotExist as missing:
            raise CommandError(f"Nobody here is called {options['by']}.", returncode=2) from missing
        except Refusal as refusal:
            raise CommandError(refusal.sentence, returncode=2) from refusal
        self.stdout.write(f"{edition} is {edition.get_state_display()}.")

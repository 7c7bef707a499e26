"""Say of every checked and signed edition whether its rows still say what was checked and signed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from protocols.verifying import verify_editions


class Command(BaseCommand):
    help = "Hold every checked and signed edition against its digest. Ends with 1 where one differs."

    def handle(self, *_: Any, **options: Any) -> None:
        wrong = []
        for verified in verify_editions():
            if verified.mistake:
                wrong.append(f"{verified.edition}: {verified.mistake}")
            elif options["verbosity"]:
                self.stdout.write(f"as {verified.edition.get_state_display()}: {verified.edition}")
        if wrong:
            raise CommandError("\n".join(wrong))

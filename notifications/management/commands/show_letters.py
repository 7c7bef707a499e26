"""Print every letter that is sent, as a practice gets it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from notifications.letters.examples import examples

TARGET = Path(__file__).resolve().parents[3] / "docs" / "letters.md"
HEAD = """# The letters

Every letter ispath sends, as a practice gets it in plain text; the same words go beside it as HTML, as the
picture below each shows (there is one of a phone's width beside it in `letters/`). No letter holds a name, a
birth date, a record number, a drug, a diagnosis or a value: a test renders each of them for a child with a
canary in every private field. Printed by `manage.py show_letters --write`, compared by checks; the pictures
by `python -m tests.browser.screenshots letters`.

Behind the link, on a phone:

- [what is asked](screenshots/letter-page-390.png)
- [an answer that is not clear](screenshots/letter-page-unclear-390.png)
- [the one-time code](screenshots/letter-code-390.png)
- [after the code: whom it is about, and a reading](screenshots/letter-reading-390.png)
- [what the reading asks for](screenshots/letter-recorded-390.png)
- [a link that has answered](screenshots/letter-answered-390.png)
- [a link that is not ours](screenshots/letter-not-valid-390.png)
- [another way to be told](screenshots/letter-stop-390.png)
"""


def page() -> str:
    """All letters on one page."""
    parts = [HEAD]
    for name, message in examples():
        attached = ", ".join(str(each[2]).split(";")[0] for each in message.attachments)
        with_date = f"\n\nWith it: {attached}." if attached else ""
        body = str(message.body).strip()
        picture = f"![{name}, as text and as HTML](letters/{name}-1440.png)"
        parts.append(f"## {name}\n\n**{message.subject}**\n\n```text\n{body}\n```{with_date}\n\n{picture}\n")
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

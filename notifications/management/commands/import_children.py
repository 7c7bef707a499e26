"""Take over a running caseload from a CSV file."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from clinic.actors import actor_for_user
from clinic.models import Clinic
from notifications.importing import NEEDED, OPTIONAL, NotImported, import_children


class Command(BaseCommand):
    """manage.py import_children FILE --clinic KEY --by LOGIN."""

    help = (
        "Take over the children of a CSV file, all or none. Columns: "
        f"{', '.join(NEEDED)}; if wanted: {', '.join(OPTIONAL)}. Each reader gets one digest."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Say what is needed."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--clinic", required=True, help="the clinic's key")
        parser.add_argument("--by", required=True, help="the log-in of the person who answers for the file")

    def handle(self, *_: Any, file: Path, clinic: str, by: str, **__: Any) -> None:
        """Read the file and write the children, or say every mistake."""
        try:
            house = Clinic.objects.get(key=clinic)
            actor = actor_for_user(User.objects.get(username=by))
            rows = file.read_text(encoding="utf-8-sig").splitlines()
        except Clinic.DoesNotExist as error:
            known = ", ".join(Clinic.objects.values_list("key", flat=True)) or "none yet"
            raise CommandError(f"There is no clinic “{clinic}”. There are: {known}.") from error
        except User.DoesNotExist as error:
            raise CommandError(f"Nobody logs in as “{by}”.") from error
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} cannot be read: {error}.") from error
        try:
            children = import_children(rows=rows, clinic=house, by=actor, now=datetime.now(tz=UTC))
        except NotImported as refusal:
            lines = "\n".join(f"  {mistake}" for mistake in refusal.mistakes)
            raise CommandError(f"{refusal.sentence}\n{lines}") from refusal
        self.stdout.write(f"{len(children)} children imported. Their readers get one digest each.")

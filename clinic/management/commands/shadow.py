"""Run a pathway over all live children; say who would change and why; write nothing."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from clinic.shadowing import shadow
from protocols.models import PathwayEdition
from protocols.reading import pathway_values
from protocols.refusal import Refusal


class Command(BaseCommand):
    """manage.py shadow --pathway KEY [--edition N]."""

    help = (
        "Compare a pathway edition, drafts included, with what each live child follows now. Writes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Say which edition is compared, and how the answer is printed."""
        parser.add_argument("--pathway", required=True, help="key of the pathway")
        parser.add_argument("--edition", default="", help="its edition; the newest without one")
        parser.add_argument("--format", choices=("table", "json"), default="table")

    def handle(self, *_: Any, **options: Any) -> None:
        """Compare and print."""
        rows = PathwayEdition.objects.filter(pathway__key=options["pathway"]).select_related("pathway")
        if options["edition"]:
            rows = rows.filter(number=options["edition"])
        edition = rows.order_by("-pk").first()
        if edition is None:
            known = PathwayEdition.objects.order_by("pk").values_list("pathway__key", "number")
            listed = ", ".join(f"{key} {number}" for key, number in known) or "none"
            message = f"There is no such pathway edition. There are: {listed}."
            raise CommandError(message, returncode=2)
        try:
            found = shadow(pathway_values(edition), now=timezone.now())
        except Refusal as refusal:
            raise CommandError(refusal.sentence, returncode=2) from refusal
        if options["format"] == "json":
            self.stdout.write(json.dumps(found.as_data(), indent=1))
            return
        for line in found.as_lines():
            self.stdout.write(line)

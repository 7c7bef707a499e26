"""Erase one child for good, where the law or the family asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError
from django.utils import timezone

from clinic.actors import operator_actor
from clinic.erasing import erase_child, in_order, rows_about
from clinic.models import Patient
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """manage.py erase_child ID --because TEXT [--yes]."""

    help = (
        "Erase every row about one child and leave a tombstone with counts and a digest. "
        "Without --yes it only says what would go. Back-ups made before still hold the child."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", type=UUID, help="the id in the address of the child's page")
        parser.add_argument(
            "--because", required=True, help="which request or law this follows; never a name"
        )
        parser.add_argument("--yes", action="store_true", help="erase; without it nothing is changed")

    def handle(self, *_: Any, **options: Any) -> None:
        """Say what would go, or erase it."""
        patient = Patient.objects.filter(uid=options["id"]).first()
        if patient is None:
            raise CommandError(f"There is no child with the id {options['id']}. Nothing was erased.")
        if not options["yes"]:
            for model, keys in in_order(rows_about(patient)):
                self.stdout.write(f"{len(keys):>7}  {model._meta.verbose_name_plural}")
            self.stdout.write("Nothing was erased. Type the same with --yes to erase these rows for good.")
            return
        try:
            erasure = erase_child(
                patient=patient, because=options["because"], by=operator_actor(), now=timezone.now()
            )
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        except ProgrammingError as error:
            raise CommandError(
                "This database role may not erase. Set DATABASE_OWNER_URL to the role that owns the tables. "
                "Nothing was erased."
            ) from error
        self.stdout.write(
            f"{sum(erasure.counts.values())} rows erased. Tombstone {erasure.uid}, digest {erasure.digest}"
        )

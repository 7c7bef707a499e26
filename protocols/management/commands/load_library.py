"""Load the shipped library of drugs, protocols and pathways. May be run again and again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from protocols.loading import load
from protocols.refusal import Refusal
from protocols.shipping import shipped


class Command(BaseCommand):
    help = "Load the shipped library. What people signed is never written over."

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            loaded = load(shipped(), now=timezone.now())
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        if options["verbosity"]:
            said = (
                ("new", loaded.new),
                ("replaced before anybody signed it", loaded.replaced),
                ("unchanged", loaded.unchanged),
            )
            for word, names in said:
                for name in names:
                    self.stdout.write(f"{word}: {name}")

"""`manage.py seed_sandbox`: what an EHR team needs to try the interface on a synthetic clinic."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from ispath.smart.sandbox import seed_sandbox


class Command(BaseCommand):
    help = "Make the demo API client and the merged child of the synthetic clinic; keys go to var/sandbox."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--folder", type=Path, default=settings.BASE_DIR / "var" / "sandbox", help="where the files go"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for line in seed_sandbox(folder=options["folder"], base_url=settings.BASE_URL, now=timezone.now()):
            self.stdout.write(line)

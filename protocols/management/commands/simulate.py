"""Replay timelines from a file: the entry in the list of commands; manage.py runs it without Django."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from django.core.management.base import BaseCommand

from protocols import simulate


class Command(BaseCommand):
    """Passes every word on to the plain command."""

    help = "Replay patient timelines from a file under a pathway of the library."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("words", nargs=argparse.REMAINDER)

    def handle(self, *_args: Any, **options: Any) -> None:
        sys.exit(simulate.main(options["words"]))

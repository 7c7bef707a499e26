"""describe_protocol, known to Django too: the command itself needs neither Django nor a database."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from protocols import commandline


class Command(BaseCommand):
    help = "Print a protocol of the library as a page to read."
    requires_system_checks = []

    def run_from_argv(self, argv: list[str]) -> None:
        sys.exit(commandline.main(argv[1:]))

    def handle(self, *args: Any, **options: Any) -> None:
        """Nothing: the words of the command line are read without Django."""

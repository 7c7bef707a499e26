#!/usr/bin/env python3
"""Django's commands for ispath. Some of them need neither Django nor a database and start at once."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec

PLAIN = {"dose_calendar", "simulate", "describe_protocol", "check_library"}
AS_OWNER = {"migrate", "erase_child"}


def in_words(problem: Exception) -> str:
    """What the person at the terminal needs to know; no traceback, no connection string."""
    from django.db import OperationalError

    if isinstance(problem, OperationalError):
        return (
            "The database does not answer. Type make run in another terminal and leave it running, "
            f"or set DATABASE_URL.\n({str(problem).splitlines()[0]})"
        )
    return str(problem)


def main() -> None:
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command in PLAIN and find_spec("protocols.commandline"):
        from protocols import commandline

        sys.exit(commandline.main(sys.argv[1:]))
    if find_spec("devstack"):  # a developer's checkout; the image has none
        from devstack import surroundings

        surroundings.adopt()
    if command in AS_OWNER:
        os.environ["DATABASE_ROLE"] = "owner"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ispath.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    try:
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, OperationalError) as problem:
        if "--traceback" in sys.argv:
            raise
        sys.exit(in_words(problem))


if __name__ == "__main__":
    main()

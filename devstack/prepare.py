"""Bring the database up to date: migrations as its owner, then, as the running role, library and demo clinic.

One process for all of it, because starting Django costs more than most of the steps.
"""

from __future__ import annotations

import os

import django
from django.apps import apps
from django.core.management import call_command, get_commands
from django.db import connection

from devstack import surroundings


def step_down() -> None:
    """From here on with the privileges of the role that runs."""
    from ispath import environment  # noqa: PLC0415  after django.setup()

    connection.close()
    connection.settings_dict.update(environment.read()["DATABASE_URL"])


def is_empty() -> bool:
    """Whether no child is known yet: never true of a clinic that somebody works in."""
    model = apps.get_app_config("clinic").models.get("patient")
    return model is not None and not model._default_manager.exists()


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ispath.settings")
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    step_down()
    known = get_commands()
    if "load_library" in known:
        call_command("load_library")
    embedded = os.environ["DATABASE_URL"] == surroundings.development()["DATABASE_URL"]
    if embedded and "seed_clinic" in known and is_empty():
        print("inventing a clinic …", flush=True)
        call_command("seed_clinic")
    if embedded and "seed_sandbox" in known:
        call_command("seed_sandbox")


if __name__ == "__main__":
    main()

"""Django's migrate, followed by what must never be forgotten: quick triggers, grants, the roles of people."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.commands import migrate
from django.db import connections

from clinic.roles import write_roles
from ispath.database.batches import in_batches
from ispath.database.history import quicken
from ispath.database.roles import grant


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with in_batches():
            super().handle(*args, **options)
        connection = connections[options["database"]]
        quicken(connection)
        if settings.DATABASE_APP_ROLE != settings.DATABASE_OWNER_ROLE:
            grant(connection, settings.DATABASE_APP_ROLE)
        if not (options["app_label"] or options["plan"] or options["check_unapplied"]):
            write_roles()  # only after a whole migration: a partial one may stop before their tables

"""Django's migrate, followed by the grants of the running role: neither is forgotten."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.commands import migrate
from django.db import connections

from ispath.database.roles import grant

# Each step of a migration renders again every model that is tied to the one it changes, and ours are all tied
# to the users. Packages that touch users and know nothing of ours go first: a third of the time.
FIRST = ("oauth2_provider",)


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        if not any(options[word] for word in ("app_label", "plan", "check_unapplied", "run_syncdb")):
            for label in FIRST:
                super().handle(*args, **{**options, "app_label": label})
        super().handle(*args, **options)
        connection = connections[options["database"]]
        if settings.DATABASE_APP_ROLE != settings.DATABASE_OWNER_ROLE:
            grant(connection, settings.DATABASE_APP_ROLE)

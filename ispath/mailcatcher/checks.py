from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage


def letters_leave_the_house(**_: Any) -> list[CheckMessage]:
    """Said by manage.py check --deploy: a forgotten mail catcher would swallow every letter."""
    if not settings.MAIL_CATCHER_FOLDER:
        return []
    return [
        checks.Warning(
            "MAIL_CATCHER_FOLDER is set: letters are caught and reach nobody.",
            hint="Unset it and set EMAIL_URL to a real mail server before real children are followed.",
            id="ispath.W001",
        )
    ]

"""Whether the mail server takes letters. While it is away nobody knocks, and no letter pays for it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from notifications.models import MailServer
from notifications.policy.answers import Answer
from notifications.policy.backoff import when_server_returns

NAME = "default"


def may_knock(*, now: datetime) -> bool:
    """Whether it is time to try the server."""
    return not MailServer.objects.filter(name=NAME, knock_at__gt=now).exists()


def took_one(*, now: datetime) -> None:
    """The server took a letter."""
    MailServer.objects.update_or_create(
        name=NAME, defaults={"accepted_at": now, "refusals_in_a_row": 0, "knock_at": None}
    )


def is_away(answer: Answer, *, now: datetime) -> datetime:
    """The server did not answer, or refused everything; return when to knock again."""
    MailServer.objects.get_or_create(name=NAME)
    MailServer.objects.filter(name=NAME).update(
        refused_at=now, refusals_in_a_row=F("refusals_in_a_row") + 1, code=answer.code
    )
    row = MailServer.objects.get(name=NAME)
    knock_at = when_server_returns(refusals_in_a_row=row.refusals_in_a_row, now=now)
    MailServer.objects.filter(name=NAME).update(knock_at=knock_at)
    return knock_at

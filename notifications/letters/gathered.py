"""Letters that gather others: the digest of the day, the week ahead, what waited; and the one-time code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notifications import links
from notifications.letters.letter import Letter

if TYPE_CHECKING:
    from notifications.letterhead import Letterhead
    from notifications.stillwanted import Circumstances


def digest(one: Circumstances, house: Letterhead) -> Letter:
    """Everything routine of one day, or everything that waited while nothing could be sent."""
    wanted = [item for item in one.enclosed if not item.why_not]
    count = len(wanted)
    catching_up = bool(one.delivery.data.get("catching_up"))
    urgent = one.delivery.pace != one.delivery.Pace.ROUTINE
    items = "1 item" if count == 1 else f"{count} items"
    return Letter(
        subject=f"{'Please look: ' if urgent else ''}{items} from the clinic",
        line=items,
        template="digest",
        words={"count": count, "items": items, "catching_up": catching_up},
        has_link=False,
    )


def weekly_digest(one: Circumstances, house: Letterhead) -> Letter:
    """What the coming week asks, in numbers."""
    data = one.delivery.data
    return Letter(
        subject="The week ahead",
        line="The week ahead.",
        template="weekly_digest",
        words={name: data.get(name, 0) for name in ("overdue", "due", "upcoming")},
        has_link=False,
    )


def code(one: Circumstances, house: Letterhead) -> Letter:
    """The one-time code the reader asked for."""
    return Letter(
        subject="Your one-time code",
        line="Your one-time code.",
        template="code",
        words={"code": links.code_of(one.delivery.cause_uid, keys=house.link_keys), "minutes": 15},
        has_link=False,
    )

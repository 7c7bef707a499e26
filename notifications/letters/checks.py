"""Letters about one check: coming up, due, late, missed, moved, no longer needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notifications.letters.letter import Letter, day_of, in_words, sentence, short, what

if TYPE_CHECKING:
    from notifications.letterhead import Letterhead
    from notifications.stillwanted import Circumstances


def check_upcoming(one: Circumstances, house: Letterhead) -> Letter:
    """A window has opened, or will soon."""
    due = day_of(one, "due_on")
    return Letter(
        subject=f"Coming up: a check by {short(due)}",
        line=f"Coming up: {what(one)}, by {in_words(due)}.",
        template="check_upcoming",
        words={"what": what(one), "due": in_words(due), "opens": in_words(day_of(one, "opens_on"))},
    )


def check_due(one: Circumstances, house: Letterhead) -> Letter:
    """The due day has come."""
    due = day_of(one, "due_on")
    return Letter(
        subject=f"Due: a check by {short(due)}",
        line=f"Due: {what(one)}, by {in_words(due)}.",
        template="check_due",
        words={"what": what(one), "due": in_words(due)},
    )


def check_late(one: Circumstances, house: Letterhead) -> Letter:
    """The due day has passed without a result."""
    due = day_of(one, "due_on")
    return Letter(
        subject=f"Overdue: a check was due {short(due)}",
        line=f"Overdue: {what(one)}, due on {in_words(due)}.",
        template="check_late",
        words={"what": what(one), "due": in_words(due)},
    )


def check_missed(one: Circumstances, house: Letterhead) -> Letter:
    """The window has closed without a result. The check stays open until somebody does or waives it."""
    due = day_of(one, "due_on")
    return Letter(
        subject=f"Still missing: a check was due {short(due)}",
        line=f"Still missing: {what(one)}, due on {in_words(due)}.",
        template="check_missed",
        words={"what": what(one), "What": sentence(what(one)), "due": in_words(due)},
    )


def check_moved(one: Circumstances, house: Letterhead) -> Letter:
    """A date the reader was told has changed."""
    due = day_of(one, "due_on")
    return Letter(
        subject=f"New date: a check is now due {short(due)}",
        line=f"New date: {what(one)} is now due on {in_words(due)}.",
        template="check_moved",
        words={
            "What": sentence(what(one)),
            "due": in_words(due),
            "before": in_words(one.delivery.data["before_on"]),
        },
    )


def check_not_needed(one: Circumstances, house: Letterhead) -> Letter:
    """A date the reader was told no longer stands."""
    due = day_of(one, "due_on")
    return Letter(
        subject=f"No longer needed: a check on {short(due)}",
        line=f"No longer needed: {what(one)} on {in_words(due)}.",
        template="check_not_needed",
        words={"What": sentence(what(one)), "due": in_words(due)},
        has_link=False,
    )


def verdict_due(one: Circumstances, house: Letterhead) -> Letter:
    """The day on which the treatment is to be judged is near."""
    due = day_of(one, "due_on")
    return Letter(
        subject=f"A decision is due by {short(due)}",
        line=f"A decision of the clinic is due by {in_words(due)}.",
        template="verdict_due",
        words={"due": in_words(due)},
    )

"""Letters that ask a person to act: an escalation, an emergency, a referral, a hand-over, a correction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notifications.letters.letter import Letter, in_words, short

if TYPE_CHECKING:
    from notifications.letterhead import Letterhead
    from notifications.stillwanted import Circumstances


def escalation_raised(one: Circumstances, house: Letterhead) -> Letter:
    """A rule asks somebody to look."""
    act_by = one.dates.get("act_by_on") or one.delivery.data.get("act_by_on")
    by = f" by {short(act_by)}" if act_by else ""
    return Letter(
        subject=f"Please look: the clinic asks you to act{by}",
        line=f"The clinic asks you to act{by}.",
        template="escalation_raised",
        words={"act_by": in_words(act_by) if act_by else "", "again": one.delivery.level > 0},
    )


def escalation_emergency(one: Circumstances, house: Letterhead) -> Letter:
    """Somebody must speak to somebody now; the letter is not the message, the call is."""
    return Letter(
        subject="Urgent: please phone the clinic now",
        line="Urgent: please phone the clinic now.",
        template="escalation_emergency",
        words={"emergency_phone": one.delivery.clinic.emergency_phone or one.delivery.clinic.phone},
    )


def referral_made(one: Circumstances, house: Letterhead) -> Letter:
    """A referral was asked for."""
    return Letter(
        subject="A referral has been asked for",
        line="A referral for a specialist evaluation has been asked for.",
        template="referral_made",
    )


def hand_over(one: Circumstances, house: Letterhead) -> Letter:
    """A child goes to another clinic, and nobody has answered yet."""
    return Letter(
        subject="A hand-over needs your answer",
        line="A hand-over to another clinic needs an answer.",
        template="hand_over",
    )


def correction(one: Circumstances, house: Letterhead) -> Letter:
    """What an earlier letter rested on was corrected; everyone who was told is told."""
    return Letter(
        subject="Correction to an earlier letter",
        line="Correction: what an earlier letter rested on has changed.",
        template="correction",
        words={"told_on": in_words(one.delivery.data["told_on"])},
    )

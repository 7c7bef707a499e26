"""Letters about a treatment: what will be asked, a change of dose, vaccines, the weeks after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notifications.letters.letter import Letter, in_words, short

if TYPE_CHECKING:
    from notifications.letterhead import Letterhead
    from notifications.stillwanted import Circumstances


def course_started(one: Circumstances, house: Letterhead) -> Letter:
    """A new course at the reader's practice: what will be asked, and when."""
    return Letter(
        subject="New treatment: what we will ask of your practice",
        line="A new treatment has begun; we will ask your practice for checks.",
        template="course_started",
        words={"asks": one.delivery.data.get("asks", [])},
    )


def phase_changes(one: Circumstances, house: Letterhead) -> Letter:
    """The dose changes on a day."""
    on = one.delivery.data["on"]
    return Letter(
        subject=f"A change in the treatment plan on {short(on)}",
        line=f"The treatment plan changes on {in_words(on)}.",
        template="phase_changes",
        words={"on": in_words(on)},
    )


def vaccine_hold(one: Circumstances, house: Letterhead) -> Letter:
    """Live vaccines must wait."""
    return Letter(
        subject="Please ask us before the next vaccine",
        line="Some vaccines must wait for now. Please ask the clinic first.",
        template="vaccine_hold",
    )


def vaccine_hold_ends(one: Circumstances, house: Letterhead) -> Letter:
    """Live vaccines need not wait any longer."""
    on = one.delivery.data["on"]
    return Letter(
        subject=f"Vaccines: the wait ends on {short(on)}",
        line=f"The wait for some vaccines ends on {in_words(on)}.",
        template="vaccine_hold_ends",
        words={"on": in_words(on)},
    )


def adrenal_window(one: Circumstances, house: Letterhead) -> Letter:
    """The weeks in which an illness is taken more seriously than usual."""
    until = one.delivery.data["until_on"]
    return Letter(
        subject="Please take any illness seriously for now",
        line=f"Until {in_words(until)}: any illness needs a call to the clinic the same day.",
        template="adrenal_window",
        words={"until": in_words(until)},
    )

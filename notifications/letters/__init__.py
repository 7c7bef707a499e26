"""Every letter that is sent, by name: the list of functions is the list of letters."""

from __future__ import annotations

from collections.abc import Mapping

from notifications.letters.checks import (
    check_due,
    check_late,
    check_missed,
    check_moved,
    check_not_needed,
    check_upcoming,
    verdict_due,
)
from notifications.letters.courses import (
    adrenal_window,
    course_started,
    phase_changes,
    vaccine_hold,
    vaccine_hold_ends,
)
from notifications.letters.escalations import (
    correction,
    escalation_emergency,
    escalation_raised,
    hand_over,
    referral_made,
)
from notifications.letters.gathered import code, digest, weekly_digest
from notifications.letters.letter import LetterFunction

LETTERS: Mapping[str, LetterFunction] = {
    function.__name__: function
    for function in (
        check_upcoming,
        check_due,
        check_late,
        check_missed,
        check_moved,
        check_not_needed,
        verdict_due,
        course_started,
        phase_changes,
        vaccine_hold,
        vaccine_hold_ends,
        adrenal_window,
        escalation_raised,
        escalation_emergency,
        referral_made,
        hand_over,
        correction,
        digest,
        weekly_digest,
        code,
    )
}

"""Forms about an escalation and a referral: what a person did, said, or decided."""

from __future__ import annotations

from typing import ClassVar

from clinic.models import ReferralStep
from ispath.dashboard.forms.base import WardForm, choice_field, day_field, moment_field, text_field


class AcknowledgeForm(WardForm):
    """Seen, and under way until a day; that is not yet done."""

    until_on = day_field(
        "Booked or result expected on",
        required=False,
        help_text="The reminders wait until two working days after it, then go on.",
    )
    reason = text_field("What is under way", required=False, long=True, max_length=300)


class SpokeForm(WardForm):
    """Who was spoken to, and when."""

    spoke_to = text_field("Spoke to (name)", max_length=120)
    spoke_at = moment_field("When")
    reason = text_field("What was agreed", required=False, long=True, max_length=300)


class ActForm(WardForm):
    """What was done about it."""

    reason = text_field("What was done", long=True, max_length=300)


class DeclineForm(WardForm):
    """Not done, for a reason."""

    reason = text_field("Why it is not done", long=True, max_length=300)


class DecisionForm(WardForm):
    """A specialist's decision, under the name of the person who decided."""

    decided_by = text_field("Decided by (name)", max_length=120)
    outcome = text_field("The decision", long=True, max_length=300)
    next_therapy = text_field("Next therapy", required=False, max_length=120)


class ReferralStepForm(WardForm):
    """One step of the referral, on its day."""

    kind = choice_field("What happened", ReferralStep.Kind.choices)
    happened_on = day_field("Date")
    party = text_field("To or by", required=False, max_length=200)
    outcome = text_field("Outcome or reason", required=False, long=True, max_length=300)
    ask_again_on = day_field("Ask again on", required=False)
    whole: ClassVar[tuple[str, ...]] = ("kind",)


class ToldForm(WardForm):
    """Who told the family, and when."""

    told_by = text_field("Told by (name)", max_length=120)
    happened_on = day_field("Date")

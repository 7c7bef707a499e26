"""Forms about a check: called, waived, assigned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from clinic.models import ContactAttempt
from ispath.dashboard.forms.base import WardForm, choice_field, day_field, text_field

if TYPE_CHECKING:
    from collections.abc import Iterable


class CalledForm(WardForm):
    """Somebody was called about a check."""

    outcome = choice_field("Outcome", ContactAttempt.Outcome.choices)
    spoke_to = text_field("Spoke to", required=False, max_length=120)
    ask_again_on = day_field(
        "Ask again on", required=False, help_text="Not later than the day the check closes."
    )
    detail = text_field("What was said", long=True, required=False)
    whole: ClassVar[tuple[str, ...]] = ("outcome",)


class WaiveForm(WardForm):
    """A check is not needed, for a reason, until a day."""

    reason = text_field("Why it is not needed", long=True, max_length=300)
    until_on = day_field("Until", help_text="A waiver ends: after this day the check is asked for again.")


class AssignForm(WardForm):
    """Who takes care of it."""

    to = forms.ChoiceField(label="Assign to")

    def __init__(self, *args: Any, people: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", "nobody: the whole clinic"), *people]  # type: ignore[attr-defined]
        self.fields["to"].required = False


class CloseForm(WardForm):
    """A work item is done."""

    because = text_field("What was done", long=True, max_length=300)

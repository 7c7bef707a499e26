"""What can be typed on the pages of a letter."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from clinic.models import BloodPressure
from notifications.models import LinkUse

ANSWERS = (
    (LinkUse.Answer.BOOKED, "It is booked"),
    (LinkUse.Answer.RESULT_FOLLOWS, "It is done, the result follows"),
    (LinkUse.Answer.CANNOT, "It cannot be done here"),
    (LinkUse.Answer.NOT_MY_PATIENT, "This is not my patient"),
)
SEEN = ((LinkUse.Answer.SEEN, "I have read it and will act"),)


class AnswerForm(forms.Form):
    """The one answer of a link."""

    answer = forms.ChoiceField(choices=ANSWERS, widget=forms.RadioSelect, label="Your answer")
    booked_for = forms.DateField(
        required=False, label="Booked for", widget=forms.DateInput(attrs={"type": "date"})
    )
    reason = forms.CharField(
        required=False,
        max_length=300,
        label="Why it cannot be done (no names, please)",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, about_check: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not about_check:
            self.fields["answer"].choices = (*SEEN, *ANSWERS[2:])  # type: ignore[attr-defined]
            del self.fields["booked_for"]


class CodeForm(forms.Form):
    """The six digits of the newest letter."""

    code = forms.RegexField(
        regex=r"^\s*\d{6}\s*$",
        label="One-time code",
        error_messages={"invalid": "Type the six digits of the code."},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 8}
        ),
    )


class ReadingForm(forms.Form):
    """One blood pressure reading."""

    measured_on = forms.DateField(label="Measured on", widget=forms.DateInput(attrs={"type": "date"}))
    systolic = forms.IntegerField(label="Upper value (mmHg)", min_value=20, max_value=250)
    diastolic = forms.IntegerField(label="Lower value (mmHg)", min_value=10, max_value=200)
    state = forms.ChoiceField(
        label="The child was",
        # Nothing is chosen beforehand: a reading from a crying child must not pass for a calm one.
        choices=[
            ("", "please choose"),
            *((value, label) for value, label in BloodPressure.State.choices if value),
        ],
    )

    def values(self) -> dict[str, Any]:
        """The reading as the verb takes it."""
        measured_on: date = self.cleaned_data["measured_on"]
        return {**self.cleaned_data, "measured_on": measured_on}

"""Twins and same surnames: before anything is saved the first name is chosen again (safety control S16)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

from ispath.dashboard.forms.base import choice_field

if TYPE_CHECKING:
    from ispath.dashboard.forms.base import WardForm
    from ispath.dashboard.reading.head import Head

FIELD = "first_name_again"


def ask_first_name(form: WardForm, head: Head) -> None:
    """Add the question where another child could be meant; without one the form stays as it is."""
    if not head.alike:
        return
    names = sorted({other.given_names for other in head.alike} | {head.patient.given_names})
    form.fields[FIELD] = field = choice_field(
        "Whose is it? Choose the first name again",
        [(name, name) for name in names],
        help_text="Another child has the same surname, birth date or household.",
        error_messages={"required": "Choose the first name of the child you mean."},
    )
    form.dress(FIELD, field)
    field.is_whole = True  # type: ignore[attr-defined]
    right = head.patient.given_names

    def chosen(value: str) -> None:
        if value != right:
            message = f"This page is {right}'s. Open the page of {value}, or choose {right}."
            raise forms.ValidationError(message, code="other-child-chosen")

    field.validators.append(chosen)

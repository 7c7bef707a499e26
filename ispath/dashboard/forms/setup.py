"""Forms of the clinic's own set-up."""

from __future__ import annotations

from typing import Any, ClassVar
from zoneinfo import available_timezones

from django import forms

from clinic.models import Membership
from ispath.dashboard.forms.base import WardForm, day_field, moment_field, text_field

WEEKDAYS = (
    (1, "Monday"),
    (2, "Tuesday"),
    (3, "Wednesday"),
    (4, "Thursday"),
    (5, "Friday"),
    (6, "Saturday"),
    (7, "Sunday"),
)


class ClinicForm(WardForm):
    """The clinic's own data."""

    name = text_field("Name", max_length=120)
    zone = forms.ChoiceField(label="Time zone", help_text="Turns moments into days; due dates follow it.")
    working_days = forms.TypedMultipleChoiceField(
        label="Working days", choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    phone = text_field("Phone", required=False, max_length=40)
    emergency_phone = text_field("Emergency phone", required=False, max_length=40)
    mrn_system = text_field("Authority of its record numbers", required=False, max_length=200)
    language = text_field("Language", max_length=12)
    start_horizon_days = forms.IntegerField(label="How far ahead a course may be planned, days", min_value=1)
    video_instructions = text_field("How families send videos", long=True, required=False)
    whole: ClassVar[tuple[str, ...]] = ("working_days",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = sorted(zone for zone in available_timezones() if "/" in zone)
        self.fields["zone"].choices = [(zone, zone.replace("_", " ")) for zone in zones]  # type: ignore[attr-defined]


class HolidayForm(WardForm):
    """A day off."""

    on = day_field("Day")
    name = text_field("What it is", required=False, max_length=80)


class CoverForm(WardForm):
    """Who answers."""

    starts_at = moment_field("From")
    ends_at = moment_field("Until")
    name = text_field("Name", max_length=120)
    phone = text_field("Phone", max_length=40)
    email = forms.EmailField(label="E-mail", required=False)


class PersonForm(WardForm):
    """A role for somebody with a log-in."""

    username = text_field(
        "User name", help_text="The person has a log-in already; the operator makes new ones."
    )
    role = forms.ChoiceField(label="Role", choices=Membership.Role.choices)


class AdoptForm(WardForm):
    """Which pathway edition new children follow."""

    edition = forms.ChoiceField(label="Pathway edition")
    from_on = day_field("From")

    def __init__(self, *args: Any, editions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["edition"].choices = editions  # type: ignore[attr-defined]

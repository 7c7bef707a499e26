"""Forms of a child's way into and out of the clinic, and of the people around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms

from clinic.models import CareTeamMember, Certainty, Etiology, Lesion, Outcome, Patient
from ispath.dashboard.forms.base import (
    LANGUAGES,
    WardForm,
    choice_field,
    day_field,
    language_field,
    text_field,
)
from ispath.dashboard.forms.record import Layout, tri_state

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.forms.boundfield import BoundField


class ChildForm(WardForm):
    """Who the child is."""

    layout: ClassVar[Layout] = (
        (
            "The child",
            ("family_name", "given_names", "birth_date", "sex", "gestation_weeks", "gestation_days"),
        ),
        ("The family", ("language", "needs_interpreter", "household")),
    )
    family_name = text_field("Family name", max_length=120)
    given_names = text_field("First names", max_length=120)
    birth_date = day_field("Born on")
    sex = choice_field("Sex", Patient.Sex.choices)
    gestation_weeks = forms.IntegerField(
        label="Born at, weeks",
        min_value=20,
        max_value=45,
        required=False,
        help_text="Gives the corrected age.",
    )
    gestation_days = forms.IntegerField(label="and days", min_value=0, max_value=6, required=False, initial=0)
    language = language_field("Language of the family")
    needs_interpreter = forms.BooleanField(label="An interpreter is needed", required=False)
    household = text_field(
        "Household", required=False, max_length=80, help_text="Same words for siblings and twins."
    )
    whole: ClassVar[tuple[str, ...]] = ("sex", "needs_interpreter")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.initial.get("language")
        spoken = cast("forms.ChoiceField", self.fields["language"])
        if known and known not in dict(LANGUAGES):  # from elsewhere: it stays choosable
            spoken.choices = [(known, known), *LANGUAGES]

    def clean_gestation_days(self) -> int:
        """No days is none."""
        return self.cleaned_data.get("gestation_days") or 0


class EnrolForm(ChildForm):
    """A child, its record number, and what is known of the disease."""

    layout: ClassVar[Layout] = (
        *ChildForm.layout,
        ("Record number", ("mrn", "mrn_system")),
        (
            "The disease",
            (
                "onset_on",
                "diagnosed_on",
                "etiology",
                "hypsarrhythmia_at_baseline",
                "lesion",
                "metabolic_or_degenerative",
            ),
        ),
    )
    mrn = text_field("Record number", max_length=80)
    mrn_system = text_field("Given by (authority)", max_length=200)
    onset_on = day_field("First spasm on", required=False)
    diagnosed_on = day_field(
        "Diagnosed on", required=False, help_text="The clock to the first treatment starts here."
    )
    etiology = forms.ChoiceField(label="Cause", choices=Etiology.choices, initial=Etiology.UNKNOWN)
    hypsarrhythmia_at_baseline = tri_state("Hypsarrhythmia on the first EEG")
    lesion = choice_field(
        "MRI", Lesion.choices, initial=Lesion.NOT_IMAGED, help_text="Not imaged and pending are not “none”."
    )
    metabolic_or_degenerative = choice_field(
        "Metabolic or degenerative disease", Certainty.choices, initial=Certainty.NOT_ASSESSED
    )
    another_child = forms.BooleanField(
        label="I compared first names and birth dates: this is another child", required=False
    )
    whole: ClassVar[tuple[str, ...]] = (
        *ChildForm.whole,
        "hypsarrhythmia_at_baseline",
        "lesion",
        "metabolic_or_degenerative",
        "another_child",
    )

    @property
    def groups(self) -> Iterator[tuple[str, list[BoundField]]]:
        """Ask whether it is another child only when one was found that it could be taken for."""
        found = any(refusal.code == "looks-alike" for refusal in self.refused)
        for legend, fields in super().groups:
            shown = [one for one in fields if one.name != "another_child" or found or one.value()]
            if shown:
                yield legend, shown


class PriorForm(WardForm):
    """A drug given before this clinic knew the child."""

    drug = forms.ChoiceField(label="Drug", required=False)
    drug_text = text_field("Other drug", required=False, max_length=120)
    happened_on = day_field("From")
    last_dose_on = day_field("Last dose on", required=False)
    dose_text = text_field("Dose", required=False, max_length=120)
    adequate = tri_state("An adequate trial")
    outcome = choice_field("What came of it", Outcome.choices)
    given_at = text_field("Where", required=False, max_length=120)
    detail = text_field("Anything else to know", long=True, required=False)
    whole: ClassVar[tuple[str, ...]] = ("adequate", "outcome")


class MemberForm(WardForm):
    """Somebody around the child."""

    role = choice_field("Role", CareTeamMember.Role.choices)
    name = text_field("Name", max_length=120)
    practice = text_field("Practice or hospital", required=False, max_length=120)
    email = forms.EmailField(
        label="E-mail", required=False, help_text="Nothing is sent before it is confirmed."
    )
    phone = text_field("Phone", required=False, max_length=40)
    language = language_field("Language")
    whole: ClassVar[tuple[str, ...]] = ("role",)


class TransferForm(WardForm):
    """To whom the child goes."""

    to_clinic = forms.ChoiceField(
        label="To a clinic that works here too",
        required=False,
        help_text="It finds the offer on its own page, and accepts or declines it.",
    )
    to = text_field(
        "Or to another clinic or hospital",
        required=False,
        max_length=200,
        help_text="You record here who accepted there.",
    )


class OfferForm(WardForm):
    """The receiving clinic's answer."""

    answer = choice_field("Your answer", (("accept", "We take the child over"), ("decline", "We do not")))
    why = text_field(
        "Why not", long=True, required=False, max_length=200, help_text="The other clinic reads it."
    )
    whole: ClassVar[tuple[str, ...]] = ("answer",)


class AcceptedForm(WardForm):
    """Who accepted."""

    accepted_by = text_field("Accepted by (name, hospital)", max_length=200)


class WhyForm(WardForm):
    """A step with a word why."""

    detail = text_field("Why, in a few words", long=True, max_length=300)


class DeathForm(WardForm):
    """A death."""

    died_on = day_field("Died on")


class EmptyForm(WardForm):
    """Nothing to type: a step that only asks."""

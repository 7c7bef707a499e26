"""Forms of a course: planning it, and everything that is decided or done with it afterwards."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from clinic.courses import measurements_needed
from clinic.measures import KG
from clinic.models import MissedDose, StopReason
from ispath.dashboard.forms.base import WardForm, choice_field, day_field, text_field
from ispath.dashboard.forms.record import UNLIKELY
from ispath.dashboard.words import amount, day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.forms.boundfield import BoundField

    from clinic.models import Measurement
    from protocols.engine.course import Formulary
    from protocols.engine.formulary import Product
    from protocols.engine.regimen import Choice, ProtocolEdition

CHOICE = "choice_"
PRODUCT = "product_"


def _choice_field(choice: Choice) -> forms.Field:
    title = f"{choice.title}{f', {choice.unit}' if choice.unit else ''}"
    offered = [(one.value, one.words or one.value) for one in choice.allowed if one.offered]
    if offered:
        return choice_field(title, offered, initial=choice.default, help_text=choice.dispute, required=False)
    return forms.DecimalField(
        label=title,
        initial=choice.default,
        min_value=choice.minimum,
        max_value=choice.maximum,
        help_text=choice.dispute,
        required=False,
    )


def _strength(product: Product) -> str:
    return product.name


class StartForm(WardForm):
    """Start of a course on one edition: the day, measurements, products, and what is left to choose."""

    start_on = day_field("First dose on", help_text="The day of the first dose is treatment day 1.")
    weight = forms.DecimalField(
        label="Weight",
        min_value=0,
        max_digits=8,
        decimal_places=3,
        required=False,
        help_text="From a clinic scale.",
    )
    unit = choice_field("Unit", (("kg", "kg"), ("g", "g")), initial="kg")
    length_cm = forms.DecimalField(
        label="Length, cm", min_value=0, max_digits=5, decimal_places=1, required=False
    )
    true_because = text_field("True because …", required=False, max_length=300)
    second_username = text_field("Second person's user name", required=False)
    second_password = forms.CharField(
        label="Second person's password", required=False, widget=forms.PasswordInput
    )
    whole: ClassVar[tuple[str, ...]] = ("true_because",)

    def __init__(
        self,
        *args: Any,
        values: ProtocolEdition,
        drugs: tuple[str, ...],
        choices: tuple[Choice, ...],
        formulary: Formulary,
        two: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.values = values
        for drug in drugs:
            self._add_product(drug, formulary)
        for choice in choices:
            self._add(f"{CHOICE}{choice.name}", _choice_field(choice))
        # the verb refuses in better words than a browser: the field only no longer calls itself optional
        needed = measurements_needed(values, formulary)
        self.fields["weight"].needed = "weight_kg" in needed  # type: ignore[attr-defined]
        self.fields["length_cm"].needed = "length_cm" in needed  # type: ignore[attr-defined]
        if not two:
            for name in UNLIKELY:
                del self.fields[name]

    def _add(self, name: str, field: forms.Field) -> None:
        self.fields[name] = field
        self.dress(name, field)

    def _add_product(self, drug: str, formulary: Formulary) -> None:
        found = formulary.products_of(drug)
        if not found:
            return
        listed = [(product.key, _strength(product)) for product in found]
        initial = listed[0][0] if len(listed) == 1 else None
        label = f"Product and strength of {formulary.drugs[drug].name}"
        self._add(f"{PRODUCT}{drug}", choice_field(label, listed, initial=initial))

    @property
    def groups(self) -> Iterator[tuple[str, list[BoundField]]]:
        """The course first; what sources dispute has a default and comes behind it."""
        fields = list(self.visible_fields())
        yield "", [field for field in fields if not field.name.startswith(CHOICE)]
        choices = [field for field in fields if field.name.startswith(CHOICE)]
        if choices:
            yield "What sources dispute: leave it unless the prescriber says otherwise", choices

    def asked(self) -> dict[str, Any]:
        """Return what the verbs take."""
        typed = self.cleaned_data
        weight = typed.get("weight")
        return {
            "start_on": typed["start_on"],
            "weight_kg": weight * KG[typed["unit"]] if weight is not None else None,
            "length_cm": typed.get("length_cm"),
            "products": self._named(PRODUCT),
            "choices": self._named(CHOICE),
        }

    def _named(self, prefix: str) -> dict[str, str]:
        found = {
            name.removeprefix(prefix): value
            for name, value in self.cleaned_data.items()
            if name.startswith(prefix)
        }
        return {name: _text(value) for name, value in found.items() if value not in {None, ""}}


def _text(value: Any) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


class CheckCalendarForm(WardForm):
    """The second person's word."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    looked = forms.BooleanField(
        label="I compared weight, product, strength, dose and dates with the prescription."
    )
    whole: ClassVar[tuple[str, ...]] = ("looked",)


class DecideForm(WardForm):
    """A named prescriber decides a conditional dose step."""

    step_key = choice_field("Question", ())
    taken = forms.TypedChoiceField(
        label="Decision",
        choices=(("yes", "Yes: the dose changes"), ("no", "No: the dose stays")),
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
    )
    from_on = day_field("From")
    prescriber = text_field("Prescriber (name)", max_length=120)
    whole: ClassVar[tuple[str, ...]] = ("step_key", "taken")

    def __init__(self, *args: Any, steps: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step_key"].choices = steps  # type: ignore[attr-defined]
        if len(steps) == 1:
            self.fields["step_key"].initial = steps[0][0]


class NextPartForm(WardForm):
    """A named prescriber decides how a course goes on after its verdict."""

    verdict = forms.ChoiceField(label="The treatment", widget=forms.RadioSelect)
    prescriber = text_field("Prescriber (name)", max_length=120)
    whole: ClassVar[tuple[str, ...]] = ("verdict",)

    def __init__(self, *args: Any, ways: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = [(verdict, f"{_WORKED[verdict]}: {phases}") for verdict, phases in ways]
        self.fields["verdict"].choices = said  # type: ignore[attr-defined]


_WORKED = {"responder": "has worked", "non-responder": "has not worked"}


def weight_words(row: Measurement) -> str:
    """Write a weight with its day."""
    return f"{amount(row.value)} {row.unit}, {day(row.happened_on)}"


class AcceptWeightForm(WardForm):
    """Dose by a new weight."""

    measurement = choice_field("Weight", ())
    from_on = day_field("From")
    prescriber = text_field("Prescriber (name)", max_length=120)
    whole: ClassVar[tuple[str, ...]] = ("measurement",)

    def __init__(self, *args: Any, weights: list[Measurement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.weights = weights
        listed = [(str(row.uid), weight_words(row)) for row in weights]
        self.fields["measurement"].choices = listed  # type: ignore[attr-defined]


class HoldForm(WardForm):
    """Days without the drug."""

    from_on = day_field("First day without")
    until_on = day_field("Last day without", required=False, help_text="Empty: until further notice.")
    detail = text_field("Why", long=True, required=False)


class ResumeForm(WardForm):
    """Given again."""

    on = day_field("Given again from")


class MissedForm(WardForm):
    """A dose not given, vomited or wrong."""

    kind = choice_field("What happened", MissedDose.Kind.choices)
    happened_on = day_field("Date")
    doses = forms.IntegerField(label="How many doses", min_value=1, max_value=50, initial=1)
    detail = text_field("Anything else to know", long=True, required=False)
    whole: ClassVar[tuple[str, ...]] = ("kind",)


class DispensedForm(WardForm):
    """What the pharmacy gave."""

    product = choice_field("Product", ())
    happened_on = day_field("Date")
    strength_text = text_field("Strength as on the label", required=False, max_length=80)
    quantity_text = text_field("Quantity", required=False, max_length=80)
    whole: ClassVar[tuple[str, ...]] = ("product",)

    def __init__(self, *args: Any, products: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].choices = products  # type: ignore[attr-defined]


class TaughtForm(WardForm):
    """The family was taught the calendar it has in hand."""

    happened_on = day_field("Date")
    taught_to = text_field("Taught to (name)", max_length=120)


class StopForm(WardForm):
    """The last dose."""

    last_dose_on = day_field("Last dose on")
    reason = choice_field("Why", StopReason.choices)
    abrupt_because = text_field(
        "Without the taper because …",
        required=False,
        max_length=300,
        help_text="Only where a hormone ends before its taper: a clinician's reason.",
    )
    detail = text_field("Anything else to know", long=True, required=False)
    whole: ClassVar[tuple[str, ...]] = ("reason", "abrupt_because")


class DropForm(WardForm):
    """Drop a draft."""

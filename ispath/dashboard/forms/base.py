"""What every form of the ward shares: groups, one key for each, refusals that keep what was typed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.conf.locale import LANG_INFO
from django.forms.boundfield import BoundField

from clinic.printed import NOT_PRINTED, is_printed
from ispath.dashboard.words import humane
from protocols.refusal import Refusal

PLAIN_CODE = 3  # letters of a language without its region: en, not en-gb
LANGUAGES = sorted(
    ((code, info["name"]) for code, info in LANG_INFO.items() if "name" in info and len(code) <= PLAIN_CODE),
    key=lambda language: language[1],
)
type_of_choices = (forms.RadioSelect, forms.CheckboxSelectMultiple)


class WardForm(forms.Form):
    """A form with an error summary, whose every refusal shows its code and sentence beside what was typed.

    `once` names this filled-in form: sending it twice writes one fact.
    """

    template_name = "dashboard/form.html"
    layout: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = ()
    whole: ClassVar[tuple[str, ...]] = ()

    once = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refused: list[Refusal] = []
        self.fields["once"].initial = uuid4().hex
        for name, field in self.fields.items():
            self.dress(name, field)

    def dress(self, name: str, field: forms.Field) -> None:
        """Give a field its template and shape."""
        field.template_name = "dashboard/field.html"  # type: ignore[attr-defined]
        widget = field.widget
        shape = "choices" if isinstance(widget, type_of_choices) else "plain"
        field.shows_as = "tick" if isinstance(widget, forms.CheckboxInput) else shape  # type: ignore[attr-defined]
        field.is_whole = name in self.whole or isinstance(widget, forms.Textarea)  # type: ignore[attr-defined]
        if isinstance(field, forms.DecimalField | forms.IntegerField) and not isinstance(
            widget, forms.HiddenInput
        ):
            widget.attrs.setdefault("inputmode", "decimal")
        if isinstance(field, forms.CharField):
            field.validators.append(refuse_control_characters)

    @property
    def groups(self) -> Iterator[tuple[str, list[BoundField]]]:
        """The fieldsets in order; a form without a layout is one fieldset."""
        if not self.layout:
            yield "", list(self.visible_fields())
            return
        shown: set[str] = set()
        for legend, names in self.layout:
            present = [self[name] for name in names if name in self.fields]
            shown.update(names)
            if present:
                yield legend, present
        rest = [field for field in self.visible_fields() if field.name not in shown]
        if rest:
            yield "", rest

    @property
    def plain_non_field_errors(self) -> list[str]:
        """The errors of the whole form that are no refusals."""
        said = {humane(refusal.sentence) for refusal in self.refused}
        return [str(error) for error in self.non_field_errors() if str(error) not in said]

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal with its code, at its field where it names one."""
        self.refused.append(refusal)
        self.add_error(None, forms.ValidationError(humane(refusal.sentence), code=refusal.code))
        field = refusal.field
        if field and field in self.fields:
            self.fields[field].widget.attrs["aria-invalid"] = "true"


def refuse_control_characters(text: Any) -> None:
    """Refuse what was pasted with something in it that nobody sees."""
    if not is_printed(str(text)):
        raise forms.ValidationError(NOT_PRINTED, code="control-character")


class DateInput(forms.DateInput):
    """The browser's own date field: local format on screen, ISO underneath."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class MomentInput(forms.DateTimeInput):
    """The browser's own date and time field, in the clinic's zone."""

    input_type = "datetime-local"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", **kwargs)


def day_field(label: str, **kwargs: Any) -> forms.DateField:
    """A date."""
    return forms.DateField(label=label, widget=DateInput(), **kwargs)


def moment_field(label: str, **kwargs: Any) -> forms.DateTimeField:
    """A moment in the clinic's zone."""
    return forms.DateTimeField(label=label, widget=MomentInput(), input_formats=["%Y-%m-%dT%H:%M"], **kwargs)


def choice_field(label: str, choices: Any, **kwargs: Any) -> forms.ChoiceField:
    """A few choices that stand open, each one touch away."""
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, **kwargs)


def language_field(label: str) -> forms.ChoiceField:
    """A language by its English name."""
    return forms.ChoiceField(label=label, choices=LANGUAGES, initial="en")


def text_field(label: str, *, long: bool = False, **kwargs: Any) -> forms.CharField:
    """Words; `long` where a sentence is wanted."""
    kwargs.setdefault("max_length", 2000 if long else 200)
    widget = forms.Textarea(attrs={"rows": 2}) if long else forms.TextInput()
    return forms.CharField(label=label, widget=widget, **kwargs)

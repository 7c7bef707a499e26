"""What an edition says beside its doses: maxima, cautions, labels, judgements, standing advice, notes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from protocols.engine.regimen import Basis, Convention, Verdict, When
from protocols.models.fields import ExactDecimalField, WordField
from protocols.models.library import Drug
from protocols.models.protocol import ConditionalRow, ProtocolRow


class DailyMaximum(ProtocolRow):
    """The most of a drug in a day: a fixed amount, or per kg of the current weight. Caps before rounding."""

    drug = models.ForeignKey(Drug, on_delete=models.PROTECT, related_name="+")
    amount = ExactDecimalField()
    unit = models.CharField(max_length=20)
    basis = WordField(words=Basis, default=Basis.FIXED)

    class Meta(ProtocolRow.Meta):
        constraints = (
            *ProtocolRow.Meta.constraints,
            models.CheckConstraint(
                name="dailymaximum_is_above_zero",
                condition=Q(amount__gt=0),
                violation_error_message="A maximum is above zero.",
            ),
        )

    class Privacy:
        private = ()
        plain = ("drug", "amount", "unit", "basis")

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"


class DoseCaution(ProtocolRow):
    """A day's amount above this raises a warning; it changes no dose."""

    code = models.CharField(max_length=60)
    drug = models.ForeignKey(Drug, on_delete=models.PROTECT, related_name="+")
    above = ExactDecimalField()
    unit = models.CharField(max_length=20)
    basis = WordField(words=Basis, default=Basis.PER_KG)
    text = models.TextField(blank=True)

    class Meta(ProtocolRow.Meta):
        pass

    class Privacy:
        private = ()
        plain = ("code", "drug", "above", "unit", "basis", "text")

    def __str__(self) -> str:
        return self.code


class LabelRange(ProtocolRow):
    """The weights or ages (on the start date) a label speaks of; or below which it forbids the drug."""

    label = models.CharField(max_length=200)
    drug = models.ForeignKey(Drug, on_delete=models.PROTECT, related_name="+")
    from_weight_kg = ExactDecimalField(null=True, blank=True)
    to_weight_kg = ExactDecimalField(null=True, blank=True)
    from_age_months = models.PositiveSmallIntegerField(null=True, blank=True)
    below_age_months = models.PositiveSmallIntegerField(null=True, blank=True)
    contraindicated = models.BooleanField(default=False)
    text = models.TextField(blank=True)

    class Meta(ProtocolRow.Meta):
        pass

    class Privacy:
        private = ()
        plain = (
            "label",
            "drug",
            "from_weight_kg",
            "to_weight_kg",
            "from_age_months",
            "below_age_months",
            "contraindicated",
            "text",
        )

    def __str__(self) -> str:
        return self.label


class Judgement(ProtocolRow):
    """When and by what the response is judged, in the definition's own day convention. Shown, not checked."""

    definition = models.CharField(max_length=80)
    text = models.TextField()
    convention = WordField(words=Convention)
    first = models.SmallIntegerField("first day")
    last = models.SmallIntegerField("last day")
    eeg = models.BooleanField("asks for an EEG", default=False)
    verdict = WordField(words=Verdict, blank=True)

    class Meta(ProtocolRow.Meta):
        pass

    class Privacy:
        private = ()
        plain = ("definition", "text", "convention", "first", "last", "eeg", "verdict")

    def __str__(self) -> str:
        return self.definition


class StandingAdvice(ConditionalRow):
    """A standing warning of the edition, raised when it applies."""

    code = models.CharField(max_length=60)
    when = WordField(words=When)
    text = models.TextField()
    drug = models.ForeignKey(Drug, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(ConditionalRow.Meta):
        pass

    class Privacy:
        private = ()
        plain = ("code", "when", "text", "drug")

    def __str__(self) -> str:
        return self.code


class ProtocolNote(ProtocolRow):
    """What a reader should know: contraindications, what to watch, results of the trials."""

    topic = models.CharField(max_length=120)
    text = models.TextField()

    class Meta(ProtocolRow.Meta):
        pass

    class Privacy:
        private = ()
        plain = ("topic", "text")

    def __str__(self) -> str:
        return self.topic

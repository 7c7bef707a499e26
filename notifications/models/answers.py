"""What readers did with the link in their letter."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models

from notifications.models.delivery import Delivery

if TYPE_CHECKING:
    from typing import Self


class LinkUseQuerySet(models.QuerySet["LinkUse"]):
    """Questions about answers."""

    def standing(self) -> Self:
        """Answers nobody has taken back."""
        return self.filter(undone_at=None)


class LinkUse(models.Model):
    """The one answer of a link that stands; a second is refused by the constraint. One taken back stays."""

    class Answer(models.TextChoices):
        BOOKED = "booked", "booked for a date"
        RESULT_FOLLOWS = "result_follows", "done, the result follows"
        CANNOT = "cannot", "cannot, with a reason"
        NOT_MY_PATIENT = "not_my_patient", "not my patient"
        SEEN = "seen", "read"
        ENTERED = "entered", "entered a value"

    uid = models.UUIDField("id", default=uuid.uuid4, unique=True, editable=False)
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="link_uses")
    answer = models.CharField(max_length=16, choices=Answer.choices)
    answered_at = models.DateTimeField()
    answered_by = models.ForeignKey("clinic.Actor", on_delete=models.PROTECT, related_name="+")
    booked_for = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        "clinic.Actor", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = LinkUseQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("delivery",),
                condition=models.Q(undone_at=None),
                name="link_use_one_answer_stands_per_letter",
                violation_error_message="This letter has been answered already.",
            ),
            models.CheckConstraint(
                condition=models.Q(undone_at=None, undone_by=None)
                | models.Q(undone_at__isnull=False, undone_by__isnull=False),
                name="link_use_undone_names_who_undid_it",
                violation_error_message="Say who took the answer back, and when.",
            ),
            models.CheckConstraint(
                condition=~models.Q(answer="booked") | models.Q(booked_for__isnull=False),
                name="link_use_booked_says_for_when",
                violation_error_message="Say for which date it is booked.",
            ),
            models.CheckConstraint(
                condition=~models.Q(answer="cannot") | ~models.Q(reason=""),
                name="link_use_cannot_says_why",
                violation_error_message="Say why it cannot be done.",
            ),
        )

    class Privacy:
        private = ("reason",)
        plain = (
            "id", "uid", "delivery", "answer", "answered_at", "answered_by", "booked_for", "undone_at",
            "undone_by",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.answer} {self.answered_at:%Y-%m-%d %H:%M}"


class LinkCode(models.Model):
    """A one-time code sent to the same address. The code is stored nowhere: it is derived from the row."""

    uid = models.UUIDField("id", default=uuid.uuid4, unique=True, editable=False)
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="codes")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(
        "clinic.Actor", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(used_at=None, used_by=None)
                | models.Q(used_at__isnull=False, used_by__isnull=False),
                name="link_code_used_names_who_used_it",
                violation_error_message="Say who used the code, and when.",
            ),
        )
        indexes = (models.Index(fields=("delivery", "issued_at"), name="link_code_of_a_delivery"),)

    class Privacy:
        private = ()
        plain = ("id", "uid", "delivery", "issued_at", "expires_at", "tries", "used_at", "used_by")

    def __str__(self) -> str:
        return f"code of {self.issued_at:%Y-%m-%d %H:%M}"

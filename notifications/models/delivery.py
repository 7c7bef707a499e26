"""The outbox. Rows here are the truth; queues and workers only carry."""

from __future__ import annotations

import uuid

from django.db import models

from clinic.models.base import Row


class Delivery(Row):
    """One thing to tell one reader: unique per cause, rung and reader, so that it cannot be written twice."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting for its time"
        READY = "ready", "packed, may be taken by a worker"
        JOINED = "joined", "travels inside another letter"
        CLAIMED = "claimed", "in the hands of a worker"
        SENT = "sent", "accepted by the mail server"
        WITHHELD = "withheld", "no longer true when its time came"
        OVERTAKEN = "overtaken", "a later reminder was said instead"
        UNDONE = "undone", "taken back by a person"
        DEAD = "dead", "could not be sent; a person must act"
        BOUNCED = "bounced", "came back after it was sent"

    class Pace(models.TextChoices):
        ROUTINE = "routine", "once a day"
        URGENT = "urgent", "at once, not at night"
        EMERGENCY = "emergency", "at once, at any hour"

    clinic = models.ForeignKey("clinic.Clinic", on_delete=models.PROTECT, related_name="+")
    enrolment = models.ForeignKey(
        "clinic.Enrolment", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reader = models.ForeignKey("clinic.Actor", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(
        max_length=40, blank=True, help_text="The role in which the reader is written to."
    )
    letter = models.CharField(max_length=40, help_text="The name of the letter.")
    cause_kind = models.CharField(max_length=40)
    cause_uid = models.UUIDField()
    rung = models.CharField(max_length=80)
    level = models.PositiveSmallIntegerField(default=0)
    pace = models.CharField(max_length=10, choices=Pace.choices, default=Pace.ROUTINE)
    edition = models.CharField(max_length=80, blank=True, help_text="The pathway edition whose rule this is.")
    data = models.JSONField(default=dict, blank=True, help_text="Ids, codes and dates the letter needs.")
    caused_by = models.ForeignKey("clinic.Actor", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    send_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    why = models.CharField(max_length=60, blank=True, help_text="A code: why it was not sent, or came back.")
    routine_on = models.DateField(
        null=True, blank=True, help_text="The reader's day whose one routine letter it is."
    )
    outage = models.ForeignKey(
        "notifications.Outage", on_delete=models.PROTECT, null=True, blank=True, related_name="held"
    )
    parcel = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="enclosed"
    )
    claim = models.UUIDField(null=True, blank=True)
    claims = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts_made = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = (
            models.UniqueConstraint(
                fields=("cause_kind", "cause_uid", "rung", "reader"),
                name="delivery_written_once_per_cause_rung_and_reader",
                violation_error_message="This has already been written to this reader.",
            ),
            models.UniqueConstraint(
                fields=("reader", "clinic", "routine_on"),
                condition=models.Q(routine_on__isnull=False),
                name="routine_letter_once_a_day_per_reader_and_clinic",
                violation_error_message="This reader already has a routine letter on that day.",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(state="claimed") & models.Q(claim__isnull=False, lease_until__isnull=False)
                )
                | (~models.Q(state="claimed") & models.Q(claim=None, lease_until=None)),
                name="delivery_is_claimed_with_a_lease_or_not_at_all",
                violation_error_message="A claimed delivery has a lease, any other has none.",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("sent", "bounced")) | models.Q(sent_at__isnull=False),
                name="delivery_sent_says_when",
                violation_error_message="Say when it was sent.",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="joined") | models.Q(parcel__isnull=False),
                name="delivery_joined_names_its_parcel",
                violation_error_message="A joined delivery names the letter it travels in.",
            ),
            models.CheckConstraint(
                condition=models.Q(parcel=None) | models.Q(routine_on=None),
                name="delivery_travels_inside_one_letter_only",
                violation_error_message="An enclosed delivery is not a letter of its own.",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("withheld", "dead", "bounced", "undone")) | ~models.Q(why=""),
                name="delivery_not_received_says_why",
                violation_error_message="Say why it was not sent.",
            ),
        )
        indexes = (
            # the packer: what has come due
            models.Index(
                fields=("send_at", "id"), condition=models.Q(state="waiting"), name="delivery_waiting"
            ),
            # the claimer: what may be taken now, and what a dead worker still holds
            models.Index(fields=("send_at", "id"), condition=models.Q(state="ready"), name="delivery_ready"),
            models.Index(
                fields=("lease_until",), condition=models.Q(state="claimed"), name="delivery_claimed"
            ),
            # what a person must look at
            models.Index(fields=("clinic",), condition=models.Q(state="dead"), name="delivery_dead"),
            models.Index(
                fields=("parcel",), condition=models.Q(parcel__isnull=False), name="delivery_enclosed"
            ),
            models.Index(fields=("enrolment", "created_at"), name="delivery_of_a_child"),
            models.Index(
                fields=("reader", "clinic"),
                condition=models.Q(state="waiting", outage__isnull=False),
                name="delivery_held_by_an_outage",
            ),
        )

    class Privacy:
        private = ()
        plain = (
            "clinic",
            "enrolment",
            "reader",
            "role",
            "letter",
            "cause_kind",
            "cause_uid",
            "rung",
            "level",
            "pace",
            "edition",
            "data",
            "caused_by",
            "created_at",
            "send_at",
            "state",
            "why",
            "routine_on",
            "outage",
            "parcel",
            "claim",
            "claims",
            "lease_until",
            "attempts_made",
            "sent_at",
            "settled_at",
        )

    def __str__(self) -> str:
        return f"{self.letter} {self.uid}"


class Attempt(models.Model):
    """One try at handing a letter to a mail server, and what the server said."""

    uid = models.UUIDField("id", default=uuid.uuid4, unique=True, editable=False)
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="attempts")
    at = models.DateTimeField()
    address = models.EmailField()
    meaning = models.CharField(max_length=20, help_text="accepted, or what the answer meant.")
    stage = models.CharField(max_length=12, blank=True)
    code = models.PositiveSmallIntegerField(null=True, blank=True)
    text = models.CharField(max_length=300, blank=True)
    provider_id = models.CharField(max_length=200, blank=True, help_text="The mail provider's own id.")

    class Meta:
        indexes = (
            models.Index(fields=("delivery", "at"), name="attempt_of_a_delivery"),
            models.Index(
                fields=("provider_id",), condition=~models.Q(provider_id=""), name="attempt_by_provider_id"
            ),
        )

    class Privacy:
        # A server's answer often repeats the address.
        private = ("address", "text")
        plain = ("id", "uid", "delivery", "at", "meaning", "stage", "code", "provider_id")

    def __str__(self) -> str:
        return f"{self.meaning} {self.at:%Y-%m-%d %H:%M}"

"""The shape of the status document, for the schema and for whoever reads it."""

from __future__ import annotations

from rest_framework import serializers


class RecordNumber(serializers.Serializer[object]):
    """A record number with the authority that gave it."""

    system = serializers.CharField()
    value = serializers.CharField()


class ChildOfStatus(serializers.Serializer[object]):
    """Who the child is, without a name."""

    id = serializers.UUIDField()
    identifiers = RecordNumber(many=True)
    replaced_by = serializers.UUIDField(allow_null=True, help_text="The record this one was merged into.")


class EnrolmentOfStatus(serializers.Serializer[object]):
    """Where the child stands in its pathway."""

    state = serializers.CharField()
    pathway = serializers.CharField()
    edition = serializers.CharField()


class DoseToday(serializers.Serializer[object]):
    """What is given today, in words."""

    day = serializers.IntegerField(help_text="Treatment day; the first dose is day 1.")
    phase = serializers.CharField()
    text = serializers.CharField()


class CourseOfStatus(serializers.Serializer[object]):
    """A course, and what it asks for today."""

    id = serializers.UUIDField()
    drug = serializers.CharField()
    protocol = serializers.CharField()
    edition = serializers.CharField()
    state = serializers.CharField()
    start_on = serializers.DateField()
    end_on = serializers.DateField(allow_null=True)
    today = DoseToday(allow_null=True)


class NextCheck(serializers.Serializer[object]):
    """An open check with its window, in days of the clinic's zone."""

    code = serializers.CharField()
    opens_on = serializers.DateField()
    due_on = serializers.DateField()
    closes_on = serializers.DateField(allow_null=True)
    state = serializers.CharField()


class ChecksOfStatus(serializers.Serializer[object]):
    """How many checks are open, and which come next."""

    overdue = serializers.IntegerField()
    due = serializers.IntegerField()
    upcoming = serializers.IntegerField()
    next = NextCheck(many=True)


class VerdictOfStatus(serializers.Serializer[object]):
    """Whether the treatment works, by which definition, and what is missing to tell."""

    value = serializers.CharField()
    definition = serializers.CharField()
    missing = serializers.ListField(child=serializers.CharField())
    final = serializers.BooleanField()


class EscalationOfStatus(serializers.Serializer[object]):
    """An escalation that stands."""

    id = serializers.UUIDField()
    rule = serializers.CharField()
    urgency = serializers.CharField()
    raised_at = serializers.DateTimeField()
    act_by = serializers.DateField(allow_null=True)
    state = serializers.CharField()


class ReferralOfStatus(serializers.Serializer[object]):
    """The surgical-evaluation referral."""

    id = serializers.UUIDField()
    state = serializers.CharField()
    asked_on = serializers.DateField()
    reasons = serializers.ListField(child=serializers.CharField())


class LinksOfStatus(serializers.Serializer[object]):
    """Where more is to be read."""

    fhir = serializers.CharField()
    explain = serializers.CharField()
    dashboard = serializers.CharField()


class Status(serializers.Serializer[object]):
    """One child's true status. No course is an empty list; an unknown child is a 404."""

    as_of = serializers.DateTimeField(help_text="When this was read, in UTC.")
    zone = serializers.CharField(help_text="The clinic's zone; all days are days there.")
    plan_reviewed_at = serializers.DateTimeField(allow_null=True)
    stale = serializers.BooleanField(help_text="True when the sweep that computes the plan is late.")
    child = ChildOfStatus()
    enrolment = EnrolmentOfStatus(allow_null=True)
    courses = CourseOfStatus(many=True)
    checks = ChecksOfStatus()
    verdict = VerdictOfStatus(allow_null=True)
    escalations = EscalationOfStatus(many=True)
    referral = ReferralOfStatus(allow_null=True)
    links = LinksOfStatus()


class ProblemDetails(serializers.Serializer[object]):
    """What went wrong (RFC 9457). `code` is stable; `detail` is for people."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField()
    code = serializers.CharField()
    request_id = serializers.CharField()
    field = serializers.CharField(required=False)

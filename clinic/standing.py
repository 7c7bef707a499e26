"""The rows that stand of earlier plans, read for many enrolments at once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from clinic.models import Check, Course, Escalation, Referral, ReferralReason, ResponseAssessment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from clinic.models import Enrolment

Cause = tuple[str, str]


@dataclass(slots=True, kw_only=True)
class Referrals:
    """A child's referrals: the one under way, and every reason of any, oldest first."""

    open: Referral | None = None
    reasons: list[ReferralReason] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Standing:
    """What stands for one enrolment. Its referrals and courses are the child's, whoever asked for them."""

    checks: dict[str, Check] = field(default_factory=dict)
    verdicts: dict[str, ResponseAssessment] = field(default_factory=dict)
    escalations: dict[Cause, Escalation] = field(default_factory=dict)
    referrals: Referrals = field(default_factory=Referrals)
    courses: Mapping[str, int] = field(default_factory=dict)  # keys by outward id, as checks name them


def standing_of(enrolments: Sequence[Enrolment], *, referred: Iterable[int]) -> Mapping[int, Standing]:
    """Return what stands for some enrolments, in a fixed number of queries.

    `referred` are the children (by key) whose referrals are asked about. One never reviewed has no rows.
    """
    found = {each.pk: Standing() for each in enrolments}
    before = [each.pk for each in enrolments if each.plan_reviewed_at is not None]
    if before:
        for check in Check.objects.filter(enrolment__in=before):
            found[check.enrolment_id].checks[check.key] = check
        for verdict in ResponseAssessment.objects.filter(enrolment__in=before, superseded_on=None):
            found[verdict.enrolment_id].verdicts[verdict.episode] = verdict
        for row in Escalation.objects.filter(enrolment__in=before).order_by("pk"):
            found[row.enrolment_id].escalations[row.rule, row.cause] = row
    children = referrals_of(set(referred))
    courses = courses_of({each.patient_id for each in enrolments})
    for each in enrolments:
        found[each.pk].referrals = children[each.patient_id]
        found[each.pk].courses = courses[each.patient_id]
    return found


def referrals_of(children: set[int]) -> defaultdict[int, Referrals]:
    """Return the referrals of some children; nothing is read where nobody is asked about."""
    found: defaultdict[int, Referrals] = defaultdict(Referrals)
    if children:
        rows = {row.pk: row for row in Referral.objects.filter(patient__in=children).order_by("pk")}
        for row in rows.values():
            if row.state in Referral.OPEN_STATES:
                found[row.patient_id].open = row
        for reason in ReferralReason.objects.filter(referral__in=rows).order_by("pk"):
            reason.referral = rows[reason.referral_id]
            found[reason.referral.patient_id].reasons.append(reason)
    return found


def courses_of(children: set[int]) -> defaultdict[int, dict[str, int]]:
    """Return the keys of the courses of some children, by their outward ids."""
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    rows = Course.objects.filter(patient__in=children).values_list("patient", "uid", "pk")
    for patient, uid, pk in rows:
        found[patient][str(uid)] = pk
    return found

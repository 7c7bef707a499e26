"""Whether the family was told. Until then a resource bears a label that keeps it out of patient portals."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from clinic.models import FamilyTold
from ispath.fhir.versions import Part


def part_of_telling(subject: str) -> Part:
    """The conversations with families, as a part of what they were told about: each is a new version."""
    rows = FamilyTold.objects.filter(subject_kind=subject)
    return Part(rows=rows, points="subject_uid", to="uid", changed="recorded_at", counted=None)


def with_telling(rows: QuerySet[Any], subject: str) -> QuerySet[Any]:
    """The rows with `family_was_told`."""
    corrected = FamilyTold.objects.filter(corrects=OuterRef("pk"))
    standing = FamilyTold.objects.filter(~Exists(corrected), subject_kind=subject, entered_in_error=False)
    told: QuerySet[Any] = rows.annotate(family_was_told=Exists(standing.filter(subject_uid=OuterRef("uid"))))
    return told


def tell_again(past: Any, moment: datetime) -> None:
    """Say of a past row whether the family had been told by then."""
    known = list(FamilyTold.objects.filter(subject_uid=past.uid, recorded_at__lte=moment))
    corrected = {one.corrects_id for one in known}
    past.family_was_told = any(not one.entered_in_error and one.pk not in corrected for one in known)

"""What always holds of an edition, as promises that the table keeps."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

NUMBER = r"^(0|[1-9][0-9]*)(\.[1-9][0-9]*)*$"


def both_or_neither(moment: str, person: str) -> Q:
    """`moment` and `person` are both set or both empty."""
    return Q(**{f"{moment}__isnull": True, f"{person}__isnull": True}) | Q(
        **{f"{moment}__isnull": False, f"{person}__isnull": False}
    )


def _pair(moment: str, act: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"%(class)s_{act}_names_moment_and_person",
        condition=both_or_neither(f"{act}_at", f"{act}_by"),
        violation_error_message=f"{moment} needs both the moment and the person.",
    )


PROMISES: tuple[models.BaseConstraint, ...] = (
    models.CheckConstraint(
        name="%(class)s_number_reads_1_or_1_dot_2",
        condition=Q(number__regex=NUMBER),
        violation_error_message="An edition number is 1, 2 or 1.1: numbers with dots between them.",
    ),
    models.CheckConstraint(
        name="%(class)s_written_here_bears_a_dot",
        condition=~Q(origin="written_here") | Q(number__contains="."),
        violation_error_message="Whole numbers belong to the library. Number this one 1.1, 1.2, …",
    ),
    models.CheckConstraint(
        name="%(class)s_has_an_author_unless_shipped",
        condition=Q(origin="shipped", created_by__isnull=True, loaded_at__isnull=False)
        | (~Q(origin="shipped") & Q(created_by__isnull=False, loaded_at__isnull=True)),
        violation_error_message="An edition that is not shipped names who drafted it.",
    ),
    _pair("Drafting an edition", "created"),
    _pair("Checking an edition", "checked"),
    _pair("The first signature", "first_signed"),
    _pair("The second signature", "second_signed"),
    _pair("Putting an edition in force", "put_in_force"),
    _pair("Retiring an edition", "retired"),
    models.CheckConstraint(
        name="%(class)s_draft_bears_no_check_or_signature",
        condition=~Q(state="draft")
        | Q(checked_at__isnull=True, first_signed_at__isnull=True, content_digest=""),
        violation_error_message="A draft bears no check and no signature.",
    ),
    models.CheckConstraint(
        name="%(class)s_was_checked_before_it_was_signed",
        condition=Q(first_signed_at__isnull=True) | ~Q(content_digest=""),
        violation_error_message="An edition is checked before it is signed.",
    ),
    models.CheckConstraint(
        name="%(class)s_signature_names_the_role",
        condition=(
            Q(first_signed_at__isnull=True, first_signed_role="")
            | Q(first_signed_at__isnull=False) & ~Q(first_signed_role="")
        )
        & (
            Q(second_signed_at__isnull=True, second_signed_role="")
            | Q(second_signed_at__isnull=False) & ~Q(second_signed_role="")
        ),
        violation_error_message="A signature names the role in which the person signed.",
    ),
    models.CheckConstraint(
        name="%(class)s_second_signature_follows_a_first",
        condition=Q(second_signed_at__isnull=True) | Q(first_signed_at__isnull=False),
        violation_error_message="The second signature follows a first one.",
    ),
    models.CheckConstraint(
        name="%(class)s_signed_by_two_different_people",
        condition=Q(second_signed_by__isnull=True) | ~Q(second_signed_by=F("first_signed_by")),
        violation_error_message="The second signature must come from another person than the first.",
    ),
    models.CheckConstraint(
        name="%(class)s_is_signed_when_two_people_signed",
        condition=Q(state__in=("draft", "checked"), second_signed_at__isnull=True)
        | Q(state__in=("signed", "in_force", "retired"), second_signed_at__isnull=False),
        violation_error_message="An edition is signed when two people have signed it.",
    ),
    models.CheckConstraint(
        name="%(class)s_in_force_names_the_day",
        condition=Q(in_force_on__isnull=True, put_in_force_at__isnull=True)
        & Q(state__in=("draft", "checked", "signed", "retired"))
        | Q(in_force_on__isnull=False, put_in_force_at__isnull=False) & Q(state__in=("in_force", "retired")),
        violation_error_message="An edition in force names the day from which it is.",
    ),
    models.CheckConstraint(
        name="%(class)s_retired_names_the_day",
        condition=Q(state="retired", retired_on__isnull=False, retired_at__isnull=False)
        | ~Q(state="retired") & Q(retired_on__isnull=True, retired_at__isnull=True),
        violation_error_message="A retired edition names the day from which it is.",
    ),
    models.CheckConstraint(
        name="%(class)s_does_not_retire_before_it_was_in_force",
        condition=Q(in_force_on__isnull=True)
        | Q(retired_on__isnull=True)
        | Q(retired_on__gte=F("in_force_on")),
        violation_error_message="An edition cannot retire before the day it came into force.",
    ),
)

"""Many rows at once: what is written is what was said, and what cannot be written is refused as ever."""

from __future__ import annotations

import pytest
from django.db import DataError, IntegrityError

from clinic.manyrows import copy_in, rewrite
from clinic.models import Check
from tests.factories.clinic import TODAY, CheckFactory, CourseFactory, EnrolmentFactory


@pytest.mark.django_db
def test_each_row_gets_its_own_values_and_its_version_counts() -> None:
    enrolment = EnrolmentFactory.create()
    course = CourseFactory.create(enrolment=enrolment)
    rows = [CheckFactory.create(enrolment=enrolment, key=key, done_on=None) for key in ("one", "two")]
    rows[1].done_on, rows[1].course, rows[1].chain = TODAY, course, {"sentence": "because 'it' is \\ so"}

    rewrite(rows, ["done_on", "course", "chain"])

    one, two = Check.objects.order_by("key")
    assert (one.done_on, one.course_id, one.version) == (None, None, 1)
    assert (two.done_on, two.course_id, two.version) == (TODAY, course.pk, 2)
    assert two.chain == {"sentence": "because 'it' is \\ so"}


@pytest.mark.django_db
def test_a_text_that_is_too_long_is_refused_and_not_cut() -> None:
    row = CheckFactory.create()
    row.code = "x" * 41

    with pytest.raises(DataError):
        rewrite([row], ["code"])


@pytest.mark.django_db
def test_a_row_that_stands_already_is_refused_in_djangos_words() -> None:
    row = CheckFactory.create(key="one")
    again = CheckFactory.build(
        enrolment=row.enrolment, patient=row.patient, key="one", created_by=row.created_by
    )

    with pytest.raises(IntegrityError, match="check_stands_once_per_occurrence"):
        copy_in([again])


@pytest.mark.django_db
def test_nothing_to_write_asks_nothing(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        copy_in([])
        rewrite([], ["code"])

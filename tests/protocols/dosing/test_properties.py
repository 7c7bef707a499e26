"""What holds of every calendar, whatever the child, the date and the choices."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from protocols.engine.administration import Dose
from protocols.engine.course import CourseDetails, Hold, Reweigh
from protocols.engine.dosing import Calendar, State, dose_calendar
from protocols.engine.layout import moves_its_taper
from protocols.engine.quantities import added, passes, times
from protocols.engine.terms import Basis, Purpose, Verdict
from protocols.engine.totals import totals_of
from protocols.engine.warnings_of import warnings_of
from tests.protocols.dosing.calendars import library

EDITIONS = library().editions
FORMULARY = library().formulary
WITH_MAXIMA = [key for key, edition in EDITIONS.items() if edition.maxima]
QUIET = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

weights = st.decimals(min_value=2, max_value=20, places=2)
lengths = st.decimals(min_value=45, max_value=100, places=1)


@st.composite
def courses(draw: st.DrawFn, key: str | None = None) -> tuple[str, CourseDetails]:
    key = key or draw(st.sampled_from(sorted(EDITIONS)))
    edition = EDITIONS[key]
    parts = [edition, *(EDITIONS[part.protocol] for part in edition.parts)]
    products = {}
    for drug in FORMULARY.drugs:
        of_drug = FORMULARY.products_of(drug)
        chosen = draw(st.booleans())
        if of_drug and chosen:
            products[drug] = draw(st.sampled_from(of_drug))
    decisions = {
        condition.key: draw(st.integers(condition.from_day, condition.to_day or 60))
        for part in parts
        for condition in part.conditions
        if draw(st.booleans())
    }
    choices = {}
    for choice in (choice for part in parts for choice in part.choices):
        chosen = draw(st.booleans())
        if choice.allowed and chosen:
            choices[choice.name] = draw(st.sampled_from([allowed.value for allowed in choice.allowed]))
    taper = draw(st.integers(2, 400)) if moves_its_taper(parts[-1]) and draw(st.booleans()) else None
    return key, CourseDetails(
        start_on=draw(st.dates(date(2024, 1, 1), date(2032, 12, 31))),
        weight_kg=draw(weights),
        length_cm=draw(lengths),
        products=products,
        choices=choices,
        decisions=decisions,
        verdict=draw(st.sampled_from([None, *Verdict])),
        taper_from_day=taper,
        holds=tuple(Hold(from_day=n, to_day=n + 2) for n in draw(st.lists(st.integers(1, 40), max_size=2))),
        reweighs=tuple(
            Reweigh(day=n, weight_kg=draw(weights)) for n in draw(st.lists(st.integers(2, 40), max_size=1))
        ),
    )


def computed(course: tuple[str, CourseDetails]) -> Calendar:
    return dose_calendar(EDITIONS[course[0]], details=course[1], formulary=FORMULARY)


@QUIET
@given(courses())
def test_every_day_has_a_state_and_every_date_comes_once(course: tuple[str, CourseDetails]) -> None:
    found = computed(course)

    assert [day.day for day in found.days] == list(range(1, len(found.days) + 1))
    assert all(day.on == course[1].start_on + timedelta(days=day.day - 1) for day in found.days)
    assert all(bool(day.doses) or day.state is not State.DOSE for day in found.days)
    assert all(not day.doses or day.state in {State.DOSE, State.UNDEFINED} for day in found.days)


@QUIET
@given(courses())
def test_the_days_add_up_to_the_course(course: tuple[str, CourseDetails]) -> None:
    found = computed(course)

    for total in totals_of(found):
        doses = [dose for day in found.days for dose in day.doses if dose.drug == total.drug]
        if total.amount is not None:
            day_by_day = added(*(dose.day_amount for dose in doses))
            assert abs(day_by_day - total.amount) < Decimal("1e-40")
        if total.volume_ml_rounded is not None:
            volumes = (times(d.volume_ml_rounded or Decimal(0), Decimal(d.times or 0)) for d in doses)
            assert added(*volumes) == total.volume_ml_rounded


@QUIET
@given(courses())
def test_a_taper_never_rises(course: tuple[str, CourseDetails]) -> None:
    key, details = course
    without = CourseDetails(**{name: getattr(details, name) for name in details.__slots__} | {"reweighs": ()})

    for part in computed((key, without)).parts:
        for drug in FORMULARY.drugs:
            tapering = [
                added(*(dose.day_amount for dose in day.doses if dose.drug == drug))
                for day in part.days
                if day.purpose is Purpose.TAPER and any(dose.drug == drug for dose in day.doses)
            ]
            assert all(later <= earlier for earlier, later in pairwise(tapering))


@pytest.mark.parametrize(
    "key", ["prednisolone-weight-based", "ucla-sequential", "vigabatrin-us-label", "vigabatrin-ema"]
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_what_is_measured_out_never_passes_the_maximum(key: str, data: st.DataObject) -> None:
    found = computed(data.draw(courses(key)))

    for part in found.parts:
        for maximum in part.edition.maxima:
            for day in part.days:
                per_kg = maximum.basis is Basis.PER_KG
                limit = times(
                    maximum.amount, (day.measurements.weight_kg or Decimal(0)) if per_kg else Decimal(1)
                )
                doses = [dose for dose in day.doses if dose.drug == maximum.drug]
                assert not passes(added(*(dose.day_amount for dose in doses)), limit)
                assert added(*(drawn(dose) for dose in doses)) <= limit


def drawn(dose: Dose) -> Decimal:
    """The amount a day that is measured out."""
    if dose.product is None or dose.measured is None:
        return Decimal(0)
    return times(dose.measured, dose.product.strength, Decimal(dose.times or 0))


@QUIET
@given(courses())
def test_the_same_course_gives_the_same_calendar_and_warnings(course: tuple[str, CourseDetails]) -> None:
    first, second = computed(course), computed(course)

    assert first == second
    assert warnings_of(first, formulary=FORMULARY) == warnings_of(second, formulary=FORMULARY)


@QUIET
@given(courses())
def test_what_is_not_known_is_never_shown_as_known(course: tuple[str, CourseDetails]) -> None:
    found = computed(course)
    codes = {warning.code for warning in warnings_of(found, formulary=FORMULARY)}

    undefined = {drug for part in found.parts for day in part.days for drug in day.undefined}
    assert not undefined or "steps-missing" in codes
    for total in totals_of(found):
        assert (total.amount is None) is (total.drug in undefined)
    unsplit = any(dose.times is None for day in found.days for dose in day.doses)
    assert ("split-missing" in codes) is unsplit

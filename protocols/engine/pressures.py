"""Rules about blood-pressure readings: their level, a crying infant, and readings that became known late."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from protocols.engine import facts as f
from protocols.engine.answers import answered
from protocols.engine.bloodpressure import Limit, level_of
from protocols.engine.ledger import Finding
from protocols.engine.pathway import DrugClass, Settles
from protocols.engine.plan import CalendarStep

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from protocols.engine.picture import Picture
    from protocols.engine.policy import Rule


def received_late(rule: Rule, reading: f.BloodPressure, picture: Picture) -> bool:
    """Whether a reading was already old when it became known, so that only a review is asked for."""
    late = (picture.known.received_on(reading) - reading.on).days > rule.number("older_than_days")
    if not late or not rule.flag("only_when_later_reading_is_below"):
        return late
    later = _later_readings(picture, reading)
    return any(picture.level(other) is None for other in later)


def _later_readings(picture: Picture, reading: f.BloodPressure) -> list[f.BloodPressure]:
    return [x for x in picture.known.of(f.BloodPressure) if x.on > reading.on]


def bp_level(rule: Rule, picture: Picture) -> Iterator[Finding]:
    """A reading's highest level is this rule's, and the reading was fresh."""
    late = picture.policy.received_late
    for reading in picture.known.of(f.BloodPressure):
        level = picture.level(reading)
        if level is None or level.code != rule.code or _waits_for_calm(rule, reading, picture):
            continue
        key = f"bp:{picture.known.root_of(reading)}"
        stood = any(rise.cause == key and rise.withdrawn_on is None for rise in picture.ledger.of(rule.code))
        if late is not None and not stood and received_late(late, reading, picture):
            continue
        yield Finding(
            key=key,
            sentence=f"reading of {reading.on}: {level.words}",
            facts=(reading.id,),
            settled=_lower_later(rule, reading, picture),
            brief=True,
        )


def _waits_for_calm(rule: Rule, reading: f.BloodPressure, picture: Picture) -> bool:
    """Whether a reading from a crying infant sets no level (yet): a calm repeat in time speaks for itself."""
    days = rule.maybe("calm_repeat_within_days")
    if days is None or reading.calmness is not f.Calmness.CRYING:
        return False
    until = reading.on + timedelta(days=days)
    calm = [
        x
        for x in picture.known.of(f.BloodPressure)
        if reading.on <= x.on <= until and x.calmness in {f.Calmness.CALM, f.Calmness.ASLEEP}
    ]
    return bool(calm) or not picture.reached(until)


def _lower_later(rule: Rule, reading: f.BloodPressure, picture: Picture) -> tuple[str, ...] | None:
    """The first later reading below every level, and the person spoken to where the rule asks for one."""
    spoken = answered(rule, picture, reading.on)
    if Settles.SPOKEN_TO in rule.row.settled_by:
        return spoken
    calm = next(iter(_lower(rule, reading, picture)), None)
    return (calm.id,) if calm is not None else spoken


def _lower(rule: Rule, reading: f.BloodPressure, picture: Picture) -> list[f.BloodPressure]:
    """Later readings below every level.

    One that settled this rule once and was then corrected to a high one still settles it: it raises its own
    level.
    """
    key = f"bp:{picture.known.root_of(reading)}"
    named = {fact for rise in picture.ledger.of(rule.code) if rise.cause == key for fact in rise.resolved_by}
    settled = {picture.known.root_named(fact) for fact in named}
    return [
        later
        for later in _later_readings(picture, reading)
        if picture.level(later) is None or picture.known.root_of(later) in settled
    ]


def bp_received_late(rule: Rule, picture: Picture) -> Iterator[Finding]:
    """A high reading was old when it became known."""
    for reading in picture.known.of(f.BloodPressure):
        level = picture.level(reading)
        if level is None or not received_late(rule, reading, picture):
            continue
        key = f"bp:{picture.known.root_of(reading)}"
        if any(r.cause == key and r.withdrawn_on is None for r in picture.ledger.of(level.code)):
            continue
        received = picture.known.received_on(reading)
        step = CalendarStep(
            label="received", from_on=reading.on, step=f"{(received - reading.on).days} days", to_on=received
        )
        yield Finding(
            key=key,
            sentence=f"reading of {reading.on} became known on {received}: {level.words}",
            facts=(reading.id,),
            steps=(step,),
            settled=_lower_known_since(rule, reading, received, picture),
            brief=True,
        )


def _lower_known_since(
    rule: Rule, reading: f.BloodPressure, received: date, picture: Picture
) -> tuple[str, ...] | None:
    """A late reading is settled by a person, or by a reading below every level taken once it was known."""
    lower = [x for x in _lower(rule, reading, picture) if x.on > received]
    return (lower[0].id,) if lower else answered(rule, picture, received)


def bp_repeated(rule: Rule, picture: Picture) -> Iterator[Finding]:
    """High readings on so many days of one hormonal treatment: repeats of one visit count once, and the
    reading of a crying infant not at all.
    """
    limit = Limit(code=rule.code, percentile=rule.number("percentile"), plus=0, symptoms_from=None)
    table, wanted = picture.policy.pathway.bp_table, rule.number("days")
    for span in picture.spans(DrugClass.HORMONAL):
        high: dict[date, f.BloodPressure] = {}
        for reading in picture.known.of(f.BloodPressure):
            inside = span.start <= reading.on and (span.end is None or reading.on <= span.end)
            calm = reading.calmness is not f.Calmness.CRYING
            if inside and calm and level_of(reading, picture.child, table, (limit,)) is not None:
                high.setdefault(reading.on, reading)
        if len(high) < wanted:
            continue
        days = ", ".join(str(on) for on in high)
        yield Finding(
            key=f"span:{span.id}",
            sentence=f"at or above the {limit.percentile}th percentile on {len(high)} days ({days})",
            facts=(span.courses[0].fact, *(reading.id for reading in high.values())),
            settled=answered(rule, picture, list(high)[wanted - 1]),
            brief=True,
        )

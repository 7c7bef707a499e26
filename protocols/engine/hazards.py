"""Rules about a single fact or a stretch of time: vision, fever, exposure, vaccines, hand-over."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from protocols.engine import facts as f
from protocols.engine.answers import answered
from protocols.engine.days import add_months
from protocols.engine.ledger import Finding
from protocols.engine.pathway import DrugClass, Span, SpanUnit
from protocols.engine.plan import CalendarStep
from protocols.engine.spans import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from protocols.engine.courses import TreatmentSpan
    from protocols.engine.picture import Picture
    from protocols.engine.policy import Rule


# --- vision, symptoms, exposure, vaccines -----------------------------------------------------------------


def vision_abnormal(rule: Rule, picture: Picture) -> Iterator[Finding]:
    """An eye exam was abnormal: a person weighs risk and benefit."""
    for exam in picture.known.of(f.VisionExam):
        if exam.result is f.VisionResult.ABNORMAL:
            yield Finding(
                key=f"exam:{picture.known.root_of(exam)}",
                sentence=f"the eye exam of {exam.on} was abnormal",
                facts=(exam.id,),
                settled=answered(rule, picture, exam.on),
                brief=True,
            )


def fever(rule: Rule, picture: Picture) -> Iterator[Finding]:
    """Fever on a hormone or in the adrenal window."""
    limit = rule.decimal("from_celsius")
    for symptom in picture.known.of(f.Symptom):
        if symptom.temp_c is None or symptom.temp_c < limit:
            continue
        span = picture.adrenal_window(symptom.on)
        if span is not None:
            yield Finding(
                key=f"symptom:{picture.known.root_of(symptom)}",
                sentence=f"temperature {symptom.temp_c} °C on {symptom.on}, {_where(span, symptom.on)}",
                facts=(symptom.id, span.courses[-1].fact),
                settled=answered(rule, picture, symptom.on),
                brief=True,
            )


def _where(span: TreatmentSpan, on: date) -> str:
    drug = span.courses[-1].drug
    if span.end is None or on <= span.end:
        return f"on {drug}"
    return f"{(on - span.end).days} days after the last dose of {drug} ({span.end})"


def mri_toxicity(rule: Rule, picture: Picture) -> Iterator[Finding]:
    """A new movement disorder, lethargy or encephalopathy on vigabatrin."""
    for symptom in picture.known.of(f.Symptom):
        if not symptom.vabam_suspect:
            continue
        on = [c for c in picture.courses if c.drug_class is DrugClass.VIGABATRIN and c.running_on(symptom.on)]
        hormone = [
            c for c in picture.courses if c.drug_class is DrugClass.HORMONAL and c.running_on(symptom.on)
        ]
        if on:
            beside = f" beside {hormone[-1].drug}" if hormone else ""
            yield Finding(
                key=f"symptom:{picture.known.root_of(symptom)}",
                sentence=f"symptom of {symptom.on} on {on[-1].drug}{beside}",
                facts=(symptom.id, on[-1].fact, *(c.fact for c in hormone[-1:])),
                settled=answered(rule, picture, symptom.on),
                brief=True,
            )


def exposure(rule: Rule, picture: Picture) -> Iterator[Finding]:
    """Contact with an infection for which prophylaxis has a deadline."""
    for contact in picture.known.of(f.Exposure):
        agent = contact.agent.casefold()
        days = rule.maybe(f"{agent}_days")
        if days is None:
            continue
        until = contact.on + timedelta(days=days)
        yield Finding(
            key=f"exposure:{picture.known.root_of(contact)}",
            sentence=f"contact with {agent} on {contact.on}; prophylaxis is possible until {until}",
            facts=(contact.id,),
            steps=(CalendarStep(label="prophylaxis", from_on=contact.on, step=f"{days} days", to_on=until),),
            settled=answered(rule, picture, contact.on),
            brief=True,
        )


def live_vaccine(rule: Rule, picture: Picture) -> Iterator[Finding]:
    """A live vaccine is booked on or too soon after a hormone."""
    booked = [x for x in picture.known.of(f.VaccineScheduled) if x.live]
    for n, vaccine in enumerate(booked):
        span = next(
            (s for s in reversed(picture.spans(DrugClass.HORMONAL)) if s.start <= vaccine.planned_on), None
        )
        if span is None or not _in_hold(rule, span, vaccine.planned_on):
            continue
        again = next((x for x in booked[n + 1 :] if x.name.casefold() == vaccine.name.casefold()), None)
        yield Finding(
            key=f"vaccine:{picture.known.root_of(vaccine)}",
            sentence=_vaccine_words(rule, span, vaccine),
            facts=(vaccine.id, span.courses[-1].fact),
            steps=_hold_steps(rule, span),
            settled=(again.id,) if again is not None else answered(rule, picture, vaccine.on),
            brief=True,
        )


def _in_hold(rule: Rule, span: TreatmentSpan, planned_on: date) -> bool:
    begins = rule.maybe("from_months")
    if span.end is None:
        return begins is None
    if begins is not None and planned_on < add_months(span.end, begins):
        return False
    return planned_on < add_months(span.end, rule.number("until_months"))


def _vaccine_words(rule: Rule, span: TreatmentSpan, vaccine: f.VaccineScheduled) -> str:
    if span.end is None:
        return f"a live vaccine is booked for {vaccine.planned_on}, on {span.courses[-1].drug}"
    until = add_months(span.end, rule.number("until_months"))
    return f"a live vaccine is booked for {vaccine.planned_on}, before {until} (last hormone dose {span.end})"


def _hold_steps(rule: Rule, span: TreatmentSpan) -> tuple[CalendarStep, ...]:
    if span.end is None:
        return ()
    months = rule.number("until_months")
    until = add_months(span.end, months)
    return (
        CalendarStep(
            label="live-vaccine hold",
            from_on=span.end,
            step=words(Span(count=months, unit=SpanUnit.MONTHS)),
            to_on=until,
        ),
    )


# --- where the child is -----------------------------------------------------------------------------------


def handover_or_contact(rule: Rule, picture: Picture) -> Iterator[Finding]:
    """A hand-over that nobody has accepted, or a family that cannot be reached."""
    days = rule.number("unacknowledged_days")
    accepted = picture.known.of(f.TransferAccepted)
    for out in picture.known.of(f.TransferOut):
        due = out.on + timedelta(days=days)
        if picture.reached(due):
            by = next((x for x in accepted if x.on >= out.on), None)
            yield Finding(
                key=f"transfer:{picture.known.root_of(out)}",
                sentence=f"hand-over of {out.on} not acknowledged by {due - timedelta(days=1)}",
                facts=(out.id,),
                steps=(
                    CalendarStep(label="acknowledgement", from_on=out.on, step=f"{days} days", to_on=due),
                ),
                settled=(by.id,) if by is not None else None,
            )
    for lost in picture.known.of(f.ContactLost):
        yield Finding(
            key=f"contact:{picture.known.root_of(lost)}",
            sentence=f"the family could not be reached ({lost.on})",
            facts=(lost.id,),
            settled=_contact_again(picture, lost.on),
            brief=True,
        )


_FROM_FAMILY: tuple[type[f.Fact], ...] = (
    f.FamilyAsked,
    f.Call,
    f.SpasmReport,
    f.BloodPressure,
    f.Eeg,
    f.VisionExam,
)


def _contact_again(picture: Picture, since: date) -> tuple[str, ...] | None:
    """The first observation after a family was lost: somebody has seen the child."""
    later: list[f.Fact] = [
        x for kind in _FROM_FAMILY for x in _reached(picture.known.of(kind)) if x.on > since
    ]
    return (min(later, key=lambda x: (x.on, x.id)).id,) if later else None


def _reached(found: Sequence[f.Fact]) -> list[f.Fact]:
    return [x for x in found if not isinstance(x, f.Call) or x.reached]


def not_started(rule: Rule, picture: Picture) -> Iterator[Finding]:
    """Infantile spasms were diagnosed and no first-line course has started."""
    days = rule.number("days")
    for diagnosed in picture.known.of(f.Diagnosed):
        due = diagnosed.on + timedelta(days=days)
        if not picture.reached(due):
            continue
        started = next((c for c in picture.courses if c.end is None or c.end >= diagnosed.on), None)
        chosen = next((x for x in picture.known.of(f.Decision) if x.surgery_first_line), None)
        answer = started.fact if started is not None else chosen.id if chosen is not None else None
        yield Finding(
            key=f"diagnosis:{picture.known.root_of(diagnosed)}",
            sentence=f"diagnosed on {diagnosed.on}; {days} days later no first-line course has started",
            facts=(diagnosed.id,),
            steps=(CalendarStep(label="first dose", from_on=diagnosed.on, step=f"{days} days", to_on=due),),
            settled=(answer,) if answer is not None else None,
        )

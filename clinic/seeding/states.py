"""The states a clinic knows, one function each: what has happened to a child who is there today."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from clinic import models
from clinic.seeding.story import CLEAN, PERSISTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from clinic.seeding.story import Story

HORMONE, VIGABATRIN = "prednisolone", "vigabatrin"
STEP, FULL_STEP = "week-2-dose", "dose-at-96-hours"


def on_hormone(story: Story, *, until: int = 29) -> None:
    """Diagnosed and started on prednisolone, watched as planned."""
    story.diagnosis()
    story.spasms(0)
    story.course(HORMONE)
    story.spasms(min(3, story.now_t))
    story.pressures(0, until)
    story.weekly(0, until)
    if story.now_t >= 7:  # noqa: PLR2004  the family's call after a week
        story.asked(7)
        story.dose_decided(HORMONE, 7, step=STEP, taken=False)


def diagnosed(story: Story) -> None:
    """Diagnosed yesterday; the course is being planned."""
    story.diagnosis(-1, lesion="pending")


def diagnosed_without_course(story: Story) -> None:
    """Diagnosed three days ago, and nobody has started a first-line drug."""
    story.diagnosis(-3, lesion="not-imaged")


def first_week(story: Story) -> None:
    """In the first days of prednisolone."""
    on_hormone(story)


def second_week_undecided(story: Story) -> None:
    """Spasms go on after a week: the prescriber decides the second week's dose."""
    story.diagnosis()
    story.course(HORMONE)
    story.pressures(0, 28)
    story.weekly(0, 28)
    for t in (0, 3, 6):
        story.spasms(t, clusters=3)


def second_week_escalated(story: Story) -> None:
    """Spasms went on after a week, and the prescriber raised the dose."""
    second_week_undecided(story)
    story.dose_decided(HORMONE, 7, step=STEP, taken=True)


def verdict_due(story: Story) -> None:
    """The EEG two weeks after the start is due today."""
    on_hormone(story)


def eeg_overdue(story: Story) -> None:
    """The EEG two weeks after the start has not been done."""
    on_hormone(story)


def pressure_gap(story: Story) -> None:
    """No blood pressure for more than a week on a hormone."""
    on_hormone(story, until=3)


def high_pressure(story: Story) -> None:
    """A high reading yesterday."""
    on_hormone(story)
    story.pressure(story.now_t - 1, 113, 70)


def non_responder(story: Story) -> None:
    """The EEG yesterday still shows hypsarrhythmia."""
    on_hormone(story)
    story.eeg(14, PERSISTS)


def next_therapy_late(story: Story) -> None:
    """Failure has been known for more than a week, and no next therapy is recorded."""
    on_hormone(story)
    story.eeg(14, PERSISTS)


def second_drug(story: Story) -> None:
    """Prednisolone did not work; vigabatrin was started."""
    on_hormone(story)
    story.eeg(14, PERSISTS)
    story.course(VIGABATRIN, 16)
    story.dose_decided(VIGABATRIN, 20, step=FULL_STEP, taken=True)


def two_mechanisms_failed(story: Story) -> None:
    """Prednisolone and vigabatrin have both failed: the surgical-evaluation referral is asked for."""
    second_drug(story)
    story.vision(24)
    story.eeg(30, PERSISTS)
    story.therapy(33, "topiramate")


def referral_sent(story: Story) -> None:
    """As above, and the referral has been sent."""
    two_mechanisms_failed(story)
    story.afterwards = send_referral


def send_referral(story: Story, referral: models.Referral) -> None:
    """The neurologist has signed what the review asked for, and it went out."""
    place = story.place
    signed, sent = place.neurology.name, place.surgery.practice
    for kind, party in (("signed", signed), ("sent", sent)):
        story.fact(
            models.ReferralStep, story.now_t, referral=referral, kind=kind, party=party,
            recorded_by=place.neurologist,
        )  # fmt: skip
    referral.state, referral.sent_on, referral.sent_to = referral.State.SENT, story.today, sent
    referral.ordered_by_name = signed
    referral.changed_at, referral.changed_by = place.now, place.neurologist


def lesion_failed(story: Story) -> None:
    """A focal lesion, and the first drug has failed."""
    story.diagnosis(lesion="present", etiology="malformation")
    story.course(HORMONE)
    story.pressures(0, 28)
    story.weekly(0, 28)
    story.spasms(5)
    story.eeg(14, PERSISTS)


def metabolic_review(story: Story) -> None:
    """Both mechanisms failed in a child with a suspected metabolic disease: a person reviews."""
    two_mechanisms_failed(story)
    story.finding(3, metabolic_or_degenerative="suspected")


def provisional(story: Story) -> None:
    """A clean EEG, and spasm-free days still being counted."""
    on_hormone(story)
    story.eeg(14, CLEAN)
    story.asked(14)
    story.asked(21)


def tapering(story: Story) -> None:
    """Responding, and in the taper."""
    on_hormone(story)
    story.eeg(14, CLEAN)
    story.asked(14)


def responder(story: Story) -> None:
    """Responded; the hormone is over, and safety items run on."""
    on_hormone(story)
    story.eeg(14, CLEAN)
    story.pressure(min(30, story.now_t))
    for t in story.days(14, 90, 7):
        story.asked(t)
    story.eeg(35, CLEAN)


def adrenal_fever(story: Story) -> None:
    """Fever yesterday, weeks after the last dose of a hormone."""
    responder(story)
    story.fact(models.Symptom, story.now_t - 1, temperature_c=Decimal("38.6"), signs=["vomiting"])


def live_vaccine(story: Story) -> None:
    """A live vaccine is planned too soon after the hormone."""
    responder(story)
    story.fact(models.Vaccine, story.now_t - 2, name="MMR", live=True, on=story.on(45))


def relapse(story: Story) -> None:
    """Spasms again, months after the response."""
    responder(story)
    story.eeg(90, CLEAN)
    story.spasms(story.now_t - 1)


def on_vigabatrin(story: Story) -> None:
    """Tuberous sclerosis, vigabatrin, a response."""
    story.diagnosis(lesion="present", etiology="tsc", etiology_text="tuberous sclerosis")
    story.spasms(0)
    story.course(VIGABATRIN)
    story.dose_decided(VIGABATRIN, 4, step=FULL_STEP, taken=True)
    story.eeg(14, CLEAN)
    for t in story.days(7, 28, 7):
        story.asked(t)
    story.eeg(35, CLEAN)
    story.vision(20)


def vigabatrin_month_five(story: Story) -> None:
    """Five months of vigabatrin; the six-month review and the next eye exam come near."""
    on_vigabatrin(story)
    story.eeg(90, CLEAN)
    story.vision(105)


def vision_overdue(story: Story) -> None:
    """Four months of vigabatrin, and the second eye exam has not been done."""
    on_vigabatrin(story)
    story.eeg(90, CLEAN)


def transfer_offered(story: Story) -> None:
    """Handed over to another clinic, which has not accepted yet."""
    on_hormone(story)
    story.left("active", story.now_t - 2, "transfer_out", other="Faraway Demo Hospital")


def transferred(story: Story) -> None:
    """Another clinic has taken over."""
    on_hormone(story)
    story.left(
        "transferred", story.now_t - 2, "transfer_out", "transfer_accepted", other="Faraway Demo Hospital"
    )


def withdrawn(story: Story) -> None:
    """The family chose to stop."""
    on_hormone(story)
    story.left("withdrawn", story.now_t - 3, "consent_withdrawn")


def contact_lost(story: Story) -> None:
    """The family cannot be reached; the plan goes on."""
    on_hormone(story, until=12)
    story.left("lost", story.now_t - 1, "contact_lost")


def deceased(story: Story) -> None:
    """The child died."""
    on_hormone(story)
    story.left("deceased", story.now_t - 2, "death_reported", "death_confirmed")


def completed(story: Story) -> None:
    """Follow-up is over."""
    responder(story)
    story.left("completed", story.now_t - 5, "completed")


# name, days since start today, how many in a hundred, what happened
STATES: tuple[tuple[str, int, int, Callable[[Story], None]], ...] = (
    ("diagnosed", 0, 2, diagnosed),
    ("diagnosed-without-course", 0, 2, diagnosed_without_course),
    ("first-week", 3, 6, first_week),
    ("second-week-undecided", 6, 3, second_week_undecided),
    ("second-week-escalated", 10, 3, second_week_escalated),
    ("verdict-due", 14, 4, verdict_due),
    ("non-responder", 15, 3, non_responder),
    ("eeg-overdue", 19, 3, eeg_overdue),
    ("pressure-gap", 11, 3, pressure_gap),
    ("high-pressure", 9, 2, high_pressure),
    ("next-therapy-late", 23, 2, next_therapy_late),
    ("second-drug", 21, 4, second_drug),
    ("two-mechanisms-failed", 34, 2, two_mechanisms_failed),
    ("referral-sent", 37, 3, referral_sent),
    ("lesion-failed", 16, 2, lesion_failed),
    ("metabolic-review", 35, 1, metabolic_review),
    ("tapering", 18, 6, tapering),
    ("provisional", 23, 5, provisional),
    ("responder", 70, 12, responder),
    ("adrenal-fever", 50, 1, adrenal_fever),
    ("live-vaccine", 40, 1, live_vaccine),
    ("relapse", 120, 2, relapse),
    ("vigabatrin-month-five", 150, 8, vigabatrin_month_five),
    ("vision-overdue", 122, 2, vision_overdue),
    ("transfer-offered", 9, 1, transfer_offered),
    ("transferred", 12, 3, transferred),
    ("withdrawn", 12, 2, withdrawn),
    ("contact-lost", 16, 1, contact_lost),
    ("deceased", 13, 1, deceased),
    ("completed", 160, 10, completed),
)

"""Every expected "no": its code, a sentence for the person who reads it, and nothing half written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from clinic import (
    careteam,
    children,
    correcting,
    courses,
    deciding,
    enrolment,
    escalation,
    plausibility,
    recording,
    referral,
    roles,
    treatment,
    waiving,
)
from clinic.entries import Entry
from clinic.models import Check, Course, Escalation, Patient, TimelineEntry
from protocols.models import ProtocolEdition
from protocols.refusal import Refusal
from tests.factories import clinic as make
from tests.factories import ward as w

NOW = w.at(w.START)
Ask = Callable[[w.Ward], Any]


def on(day: dt.date = w.START, **more: Any) -> Entry:
    return Entry(happened_on=day, **more)


def bp(ward: w.Ward, entry: Entry | None = None, **more: Any) -> Any:
    said = {"systolic": 92, "diastolic": 54, **more}
    return recording.record_blood_pressure(
        enrolment=ward.child(), entry=entry or on(), by=ward.nurse, now=NOW, **said
    )


def weight(ward: w.Ward, kg: str, **more: Any) -> Any:
    return recording.record_weight(
        enrolment=ward.child(), entry=on(**more), by=ward.nurse, now=NOW, kg=Decimal(kg)
    )


def plan(ward: w.Ward, protocol: str = "prednisolone-ukiss", **more: Any) -> list[Course]:
    edition = ProtocolEdition.objects.get(protocol__key=protocol)
    said = {"start_on": w.START, "weight_kg": Decimal("7.2"), "length_cm": Decimal(66), **more}
    child = said.pop("child", None) or ward.child()
    return courses.plan_course(enrolment=child, protocol_edition=edition, by=ward.nurse, now=NOW, **said)


def second_course(ward: w.Ward) -> Any:
    child = ward.child()
    ward.start(child)
    return plan(ward, child=child)


def draft_edition(ward: w.Ward) -> Any:
    ProtocolEdition.objects.create(
        protocol=ProtocolEdition.objects.get(protocol__key="vigabatrin-ema").protocol,
        number="2",
        name="Not signed",
        origin="shipped",
        loaded_at=NOW,
    )
    edition = ProtocolEdition.objects.get(number="2")
    return courses.plan_course(
        enrolment=ward.child(),
        protocol_edition=edition,
        start_on=w.START,
        weight_kg=Decimal("7.2"),
        by=ward.nurse,
        now=NOW,
    )


def registered_twice(ward: w.Ward) -> Any:
    ward.child(identifiers=[("urn:a", "1")])
    return ward.child(identifiers=[("urn:a", "1")])


def checked_by_oneself(ward: w.Ward) -> Any:
    draft = plan(ward)[0]
    return courses.check_calendar(course=draft, digest=draft.calendar_digest, by=ward.nurse, now=NOW)


def checked_another_calendar(ward: w.Ward) -> Any:
    return courses.check_calendar(course=plan(ward)[0], digest="0" * 64, by=ward.colleague, now=NOW)


def stop(ward: w.Ward, on_day: int, **more: Any) -> Any:
    course = ward.start(ward.child())
    said = {"reason": "no_response", "by": ward.neurologist, "now": w.at(w.day(40)), **more}
    return treatment.stop_course(course=course, last_dose_on=w.day(on_day), **said)


def decided(ward: w.Ward, **more: Any) -> Any:
    said = {
        "step_key": "week-2-dose",
        "taken": True,
        "from_on": w.day(7),
        "prescriber": "Dr Neuro",
        "by": ward.neurologist,
        "now": w.at(w.day(7)),
        **more,
    }
    return treatment.decide_dose(course=ward.start(ward.child()), **said)


def after_stop(ward: w.Ward) -> Any:
    course = stop(ward, 28, reason="completed").course
    return treatment.hold_course(course=course, from_on=w.day(29), by=ward.neurologist, now=w.at(w.day(40)))


def corrected_twice(ward: w.Ward) -> Any:
    child = ward.child()
    reading = recording.record_blood_pressure(
        enrolment=child, entry=on(), by=ward.nurse, now=NOW, systolic=92, diastolic=54
    )
    said: dict[str, Any] = {"fact": reading, "enrolment": child, "by": ward.nurse, "now": NOW, "why": "typo"}
    correcting.correct(**said, changes={"systolic": 93})
    return correcting.correct(**said, changes={"systolic": 94})


def corrected(ward: w.Ward, *, why: str = "typo", **changes: Any) -> Any:
    child = ward.child()
    reading = recording.record_blood_pressure(
        enrolment=child, entry=on(), by=ward.nurse, now=NOW, systolic=92, diastolic=54
    )
    return correcting.correct(fact=reading, enrolment=child, by=ward.nurse, now=NOW, why=why, changes=changes)


def waived(ward: w.Ward, *, by: str = "nurse", code: str = "BP", reason: str = "clinic closed") -> Any:
    child = ward.child()
    ward.start(child)
    check = Check.objects.unsatisfied().filter(enrolment=child, code=code).first()
    assert check is not None
    return waiving.waive_check(check=check, reason=reason, by=getattr(ward, by), now=NOW)


def emergency_closed(ward: w.Ward) -> Any:
    child = ward.child()
    ward.start(child)
    recording.record_symptom(
        enrolment=child, entry=on(), by=ward.nurse, now=NOW, temperature_c=Decimal("38.6")
    )
    raised = Escalation.objects.get(rule="E12")
    return escalation.act(escalation=raised, reason="seen", by=ward.neurologist, now=NOW)


def step_out_of_order(ward: w.Ward) -> Any:
    child = ward.child()
    row = make.ReferralFactory(enrolment=child)
    return referral.step_referral(referral=row, kind="seen", by=ward.nurse, now=NOW)


def nobody_decides(ward: w.Ward) -> Any:
    return deciding.record_decision(
        enrolment=ward.child(), entry=on(), by=ward.neurologist, now=NOW, kind="human_review", decided_by=" "
    )


def merged_while_both_are_followed(ward: w.Ward) -> Any:
    one, two = ward.child(), ward.child()
    return children.merge_children(
        survivor=one.patient, replaced=two.patient, clinic=ward.clinic, reason="twice", by=ward.lead, now=NOW
    )


def finished_too_early(ward: w.Ward) -> Any:
    child = ward.child()
    ward.start(child)
    return enrolment.complete(enrolment=child, by=ward.nurse, now=NOW)


def transfer_nobody_offered(ward: w.Ward) -> Any:
    return enrolment.accept_transfer(enrolment=ward.child(), by=ward.nurse, now=NOW)


def same_source_other_child(ward: w.Ward) -> Any:
    entry = on(source_system="lab", source_value="1")
    bp(ward, entry)
    return bp(ward, entry)


ASKED: dict[str, tuple[str, Ask]] = {
    "an observation dated before birth": ("before-birth", lambda x: bp(x, on(dt.date(2026, 6, 1)))),
    "an observation of tomorrow": ("in-the-future", lambda x: bp(x, on(w.day(1)))),
    "known later than now": ("in-the-future", lambda x: bp(x, on(known_at=w.at(w.day(1))))),
    "a weight of 72 kg typed for 7.2": ("impossible-value", lambda x: weight(x, "72")),
    "a weight that is unlikely": ("unlikely-value", lambda x: weight(x, "14")),
    "an unlikely weight with a reason but nobody else": (
        "second-person-needed",
        lambda x: weight(x, "14", true_because="weighed twice"),
    ),
    "an unlikely weight seconded by the same person": (
        "second-person-needed",
        lambda x: weight(x, "14", true_because="weighed twice", seconded_by=x.nurse),
    ),
    "a pressure that cannot be": ("impossible-value", lambda x: bp(x, systolic=920)),
    "upper and lower pressure exchanged": ("impossible-value", lambda x: bp(x, systolic=54, diastolic=92)),
    "a result that came in for another child": ("source-belongs-to-another-child", same_source_other_child),
    "a duplicate record number at the same authority": ("duplicate-identifier", registered_twice),
    "a record number without authority": ("authority-needed", lambda x: x.child(identifiers=[("", "1")])),
    "a birth date to come": ("in-the-future", lambda x: x.child(birth_date=w.day(30))),
    "a course without weight": ("weight-needed", lambda x: plan(x, "vigabatrin-ema", weight_kg=None)),
    "a course by surface without length": (
        "weight-needed",
        lambda x: plan(x, "acth-gel-us-label", length_cm=None),
    ),
    "a course with 72 kg": ("impossible-value", lambda x: plan(x, weight_kg=Decimal(72))),
    "a start beyond the horizon": ("start-too-far", lambda x: plan(x, start_on=w.day(400))),
    "a start before birth": ("before-birth", lambda x: plan(x, start_on=dt.date(2026, 1, 4))),
    "a second course of the same drug": ("course-runs", second_course),
    "a course with undefined days": ("steps-missing", lambda x: plan(x, "vigabatrin-ukiss")),
    "a course whose doses nobody divided": ("split-missing", lambda x: plan(x, "acth-tetracosactide-ukiss")),
    "a choice that is calculable but not offered": (
        "choice-not-allowed",
        lambda x: plan(x, "prednisolone-weight-based", choices={"mg_per_kg": "2"}),
    ),
    "a choice the protocol does not have": (
        "choice-not-allowed",
        lambda x: plan(x, choices={"colour": "blue"}),
    ),
    "a product of another drug": (
        "product-not-allowed",
        lambda x: plan(x, products={"prednisolone": "vigabatrin-50mg-ml"}),
    ),
    "an edition nobody signed": ("edition-not-in-force", draft_edition),
    "a calendar checked by who planned it": ("second-person-needed", checked_by_oneself),
    "a calendar that is not the one shown": ("calendar-changed", checked_another_calendar),
    "a hormone stopped without its taper": ("abrupt-stop", lambda x: stop(x, 10)),
    "a stop before the start": ("stop-before-start", lambda x: stop(x, -1)),
    "a dose decided by nobody": ("prescriber-needed", lambda x: decided(x, prescriber=" ")),
    "a dose step the protocol does not ask about": ("unknown-dose-step", lambda x: decided(x, step_key="x")),
    "a dose decided by a nurse": ("not-allowed", lambda x: decided(x, by=x.nurse)),
    "a hold of a course that ended": ("course-not-running", after_stop),
    "a correction without a reason": ("reason-needed", lambda x: corrected(x, why=" ", systolic=93)),
    "a correction of what is not there": ("unknown-field", lambda x: corrected(x, colour="blue")),
    "a correction of what was corrected": ("already-corrected", corrected_twice),
    "a waiver without a reason": ("reason-needed", lambda x: waived(x, reason=" ")),
    "the deciding EEG waived by a nurse": ("not-allowed", lambda x: waived(x, code="EEG14")),
    "an emergency closed before anybody was spoken to": ("nobody-spoken-to", emergency_closed),
    "a referral seen before it was sent": ("referral-step-not-possible", step_out_of_order),
    "a decision nobody answers for": ("decider-needed", nobody_decides),
    "two children who are both followed merged": ("merge-impossible", merged_while_both_are_followed),
    "a follow-up finished with open checks": ("not-finished", finished_too_early),
    "a hand-over nobody offered": ("transfer-not-offered", transfer_nobody_offered),
}


@pytest.mark.parametrize("asked", ASKED)
def test_it_is_refused_with_a_code_and_a_sentence(ward: w.Ward, asked: str) -> None:
    code, ask = ASKED[asked]

    with pytest.raises(Refusal) as refused:
        ask(ward)

    assert refused.value.code == code
    assert refused.value.sentence.endswith(".")
    assert len(refused.value.sentence.split()) > 4


def test_a_refused_enrolment_leaves_nothing_half_written(ward: w.Ward) -> None:
    before = Patient.objects.count(), TimelineEntry.objects.count()

    with pytest.raises(children.AuthorityNeeded):
        ward.child(identifiers=[("urn:a", "1"), ("", "2")])

    assert (Patient.objects.count(), TimelineEntry.objects.count()) == before


def test_an_unlikely_weight_passes_with_a_reason_and_a_second_person(ward: w.Ward) -> None:
    row = weight(ward, "14", true_because="oedema, weighed twice", seconded_by=ward.colleague)

    assert (row.value, row.seconded_by) == (Decimal(14), ward.colleague)


def test_a_weight_far_from_the_last_one_is_unlikely(ward: w.Ward) -> None:
    child = ward.child()
    recording.record_weight(enrolment=child, entry=on(), by=ward.nurse, now=NOW, kg=Decimal("7.2"))

    with pytest.raises(plausibility.UnlikelyValue, match=r"differs by 25%"):
        recording.record_weight(
            enrolment=child, entry=on(w.day(7)), by=ward.nurse, now=w.at(w.day(7)), kg=Decimal(9)
        )


def test_a_contact_of_another_clinic_is_not_found(ward: w.Ward) -> None:
    stranger = make.ContactFactory(clinic=make.ClinicFactory(key="south", name="South clinic"))

    with pytest.raises(careteam.OtherClinic):
        careteam.add_to_team(
            patient=ward.child().patient,
            clinic=ward.clinic,
            contact=stranger,
            role="pediatrician",
            by=ward.nurse,
            now=NOW,
        )


def test_a_role_says_who_may_instead(ward: w.Ward) -> None:
    with pytest.raises(roles.NotAllowed, match="neurologist"):
        decided(ward, by=ward.nurse)

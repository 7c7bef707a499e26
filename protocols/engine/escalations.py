"""Escalation rules: which code answers which trigger, when it must be asked again, and who may rise."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from protocols.engine import facts as f
from protocols.engine import failing, hazards, pressures, surgery
from protocols.engine.anchors import anchors_of
from protocols.engine.checks import open_slots_at, slots_at, superseded, waiver_of
from protocols.engine.courses import TREATMENT_FACTS
from protocols.engine.ledger import Finding
from protocols.engine.observations import KINDS
from protocols.engine.pathway import Trigger
from protocols.engine.picture import JUDGED_FACTS
from protocols.engine.plan import CalendarStep
from protocols.engine.slots import steps_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from protocols.engine.ledger import Rise
    from protocols.engine.pathway import MonitoringRule
    from protocols.engine.picture import Picture
    from protocols.engine.policy import Policy, Rule
    from protocols.engine.slots import Slot


def check_late(rule: Rule, picture: Picture) -> Iterator[Finding]:
    """A check is still open some days after its due day, its anchor, or the last counted observation."""
    standing = {rise.cause: rise for rise in picture.ledger.of(rule.code) if rise.withdrawn_on is None}
    for monitoring in picture.policy.checks_by_code.get(rule.word("check"), ()):
        slots = list(_concerned(rule, monitoring, picture, every=bool(standing)))
        late = [slot for slot in slots if picture.reached(_late_on(rule, slot))]
        same_gap = _same_gap(late, standing, picture)
        for slot in late:
            settled = _slot_settled(slot, picture)
            missed_window = rule.flag("window_must_hold_it") and _after_window(slot)
            goes_on = same_gap.get(slot.anchor.key)
            if goes_on == slot.key:
                yield _late(rule, slot, None, brief=False)
            elif slot.key in standing or missed_window or (settled is None and goes_on is None):
                yield _late(rule, slot, settled, brief=missed_window)


def _same_gap(late: list[Slot], standing: dict[str, Rise], picture: Picture) -> dict[str, str]:
    """For each anchor the repeated check whose standing rise goes on: a late-arriving observation filled it,
    and the check after that observation is late as well, so nothing has been mended.
    """
    still_late = {slot.anchor.key for slot in late if _slot_settled(slot, picture) is None}
    return {
        slot.anchor.key: slot.key
        for slot in late
        if slot.rule.longest_gap is not None
        and slot.done_on is not None
        and slot.anchor.key in still_late
        and slot.key in standing
        and standing[slot.key].stands
    }


def _late_on(rule: Rule, slot: Slot) -> date:
    return _late_from(rule, slot)[1] + timedelta(days=rule.late_days)


def _concerned(rule: Rule, monitoring: MonitoringRule, picture: Picture, *, every: bool) -> Iterator[Slot]:
    """The slots that can be late: the open ones, and all while one of them has been raised."""
    points = anchors_of(monitoring, picture)[-1 if monitoring.newest_anchor_only else 0 :]
    look = slots_at if every or rule.flag("window_must_hold_it") else open_slots_at
    return (slot for point in points for slot in look(monitoring, point, picture))


def _late(rule: Rule, slot: Slot, settled: tuple[str, ...] | None, *, brief: bool) -> Finding:
    label, start = _late_from(rule, slot)
    late_on = _late_on(rule, slot)
    step = CalendarStep(label=label, from_on=start, step=f"{rule.late_days} days", to_on=late_on)
    return Finding(
        key=slot.key,
        sentence=f"{slot.rule.name}: {label} on {start}, not recorded by {late_on}",
        facts=tuple(fact for fact in (slot.cause,) if fact),
        steps=(*steps_of(slot), step),
        settled=settled,
        brief=brief,
    )


def _late_from(rule: Rule, slot: Slot) -> tuple[str, date]:
    """From which day lateness is counted for this rule, and what that day is called."""
    if rule.late_from == "days_after_due":
        return "due", slot.due_on
    if rule.late_from == "days_after_anchor":
        return slot.anchor.words, slot.anchor.on
    return steps_of(slot)[0].label, slot.counted_from


def _slot_settled(slot: Slot, picture: Picture) -> tuple[str, ...] | None:
    if slot.done_on is not None:
        return (slot.fact.id,) if slot.fact is not None else ()
    if superseded(slot, picture):
        return ()
    waiver = waiver_of(slot, picture)
    return (waiver.id,) if waiver is not None else None


def _after_window(slot: Slot) -> bool:
    return slot.done_on is not None and slot.closes_on is not None and slot.done_on > slot.closes_on


EVALUATORS: dict[Trigger, Callable[[Rule, Picture], Iterator[Finding]]] = {
    Trigger.NOT_STARTED: hazards.not_started,
    Trigger.CHECK_LATE: check_late,
    Trigger.EPISODE_FAILED: failing.episode_failed,
    Trigger.SPASM_ON_BOUNDARY: failing.spasm_on_boundary,
    Trigger.FAILED_AFTER_INADEQUATE_TRIAL: failing.failed_after_inadequate_trial,
    Trigger.NO_NEXT_THERAPY: failing.no_next_therapy,
    Trigger.MECHANISMS_FAILED: surgery.asked,
    Trigger.DRUGS_OF_ONE_MECHANISM_FAILED: surgery.drugs_of_one_mechanism,
    Trigger.LESION_AND_FAILURE: surgery.asked,
    Trigger.LESION_RECORDED: surgery.lesion_recorded,
    Trigger.DIVERTED_TO_PERSON: surgery.diverted,
    Trigger.NOT_ACTED_ON: surgery.not_acted_on,
    Trigger.RELAPSE: failing.relapse,
    Trigger.BP_LEVEL: pressures.bp_level,
    Trigger.BP_RECEIVED_LATE: pressures.bp_received_late,
    Trigger.BP_REPEATED: pressures.bp_repeated,
    Trigger.VISION_ABNORMAL: hazards.vision_abnormal,
    Trigger.FEVER: hazards.fever,
    Trigger.EXPOSURE: hazards.exposure,
    Trigger.LIVE_VACCINE: hazards.live_vaccine,
    Trigger.HANDOVER_OR_CONTACT: hazards.handover_or_contact,
    Trigger.MRI_TOXICITY: hazards.mri_toxicity,
}

_ACTS: frozenset[type[f.Fact]] = frozenset({f.HumanReview, f.Decision, f.SpokenTo})
_THERAPY: frozenset[type[f.Fact]] = JUDGED_FACTS | _ACTS | {f.TherapyStart}
_REFERRAL: frozenset[type[f.Fact]] = _THERAPY | {f.Finding, f.PriorTreatment, f.ReferralStep}
_BP: frozenset[type[f.Fact]] = _ACTS | {f.BloodPressure}

_RESTS_ON: dict[Trigger, frozenset[type[f.Fact]]] = {
    Trigger.NOT_STARTED: TREATMENT_FACTS | _ACTS | {f.Diagnosed},
    Trigger.EPISODE_FAILED: _THERAPY,
    Trigger.SPASM_ON_BOUNDARY: _THERAPY,
    Trigger.FAILED_AFTER_INADEQUATE_TRIAL: _THERAPY,
    Trigger.NO_NEXT_THERAPY: _THERAPY,
    Trigger.MECHANISMS_FAILED: _REFERRAL,
    Trigger.DRUGS_OF_ONE_MECHANISM_FAILED: _REFERRAL,
    Trigger.LESION_AND_FAILURE: _REFERRAL,
    Trigger.LESION_RECORDED: _REFERRAL,
    Trigger.DIVERTED_TO_PERSON: _REFERRAL,
    Trigger.NOT_ACTED_ON: _REFERRAL,
    Trigger.RELAPSE: _THERAPY,
    Trigger.BP_LEVEL: _BP,
    Trigger.BP_RECEIVED_LATE: _BP,
    Trigger.BP_REPEATED: TREATMENT_FACTS | _BP,
    Trigger.VISION_ABNORMAL: _ACTS | {f.VisionExam},
    Trigger.FEVER: TREATMENT_FACTS | _ACTS | {f.Symptom, f.SafetyClosed},
    Trigger.EXPOSURE: _ACTS | {f.Exposure},
    Trigger.LIVE_VACCINE: TREATMENT_FACTS | _ACTS | {f.VaccineScheduled},
    Trigger.HANDOVER_OR_CONTACT: frozenset(
        {f.TransferOut, f.TransferAccepted, f.ContactLost, f.FamilyAsked, f.Call, f.SpasmReport}
        | {f.BloodPressure, f.Eeg, f.VisionExam}
    ),
    Trigger.MRI_TOXICITY: TREATMENT_FACTS | _ACTS | {f.Symptom},
}

STATUS: frozenset[type[f.Fact]] = frozenset(
    {f.Death, f.ConsentWithdrawn, f.TransferOut, f.TransferAccepted, f.SafetyClosed, f.Waiver}
)


def rests_on(rule: Rule, policy: Policy) -> frozenset[type[f.Fact]]:
    """The facts whose news can change what a rule finds."""
    if rule.row.trigger is not Trigger.CHECK_LATE:
        return _RESTS_ON[rule.row.trigger] | STATUS
    kinds: set[type[f.Fact]] = set()
    for monitoring in policy.checks_by_code.get(rule.word("check"), ()):
        kinds.update(KINDS[monitoring.observes])
    return frozenset(kinds) | TREATMENT_FACTS | STATUS


def rests_on_rules(rule: Rule) -> frozenset[str]:
    """The rules whose rise can change what this rule finds."""
    return frozenset((*rule.words("after"), *rule.words("instead_of")))


Dependencies = dict[str, tuple[frozenset[type[f.Fact]], frozenset[str]]]
_known: WeakKeyDictionary[Policy, Dependencies] = WeakKeyDictionary()


def dependencies_of(policy: Policy) -> Dependencies:
    """For each rule: the facts and the other rules whose news can change what it finds."""
    found = _known.get(policy)
    if found is None:
        found = _known[policy] = {
            rule.code: (rests_on(rule, policy), rests_on_rules(rule)) for rule in policy.rules
        }
    return found


def may_rise(rule: Rule, ended: f.Fact | None, handing_over: f.Fact | None) -> bool:
    """Whether a rule may rise for a child whose care has ended here or is being handed over."""
    if ended is not None:
        return rule.row.survives_withdrawal and isinstance(ended, f.ConsentWithdrawn)
    return handing_over is None or rule.row.rises_during_handover

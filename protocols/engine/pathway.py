"""What a pathway edition says: the policy across drugs, as frozen values.

Every clinical number the engine uses comes from here. The rows of `protocols.models` mirror these types
field by field, and the library files under `protocols/library/pathways/` are their readable form.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from protocols.engine.citing import Mark, Source


class DrugClass(StrEnum):
    """The mechanism a first-line drug belongs to."""

    HORMONAL = "hormonal"
    VIGABATRIN = "vigabatrin"


class Sex(StrEnum):
    """As the blood-pressure tables need it."""

    MALE = "m"
    FEMALE = "f"


class Urgency(StrEnum):
    """How soon somebody must act; the order of this list is the order of weight, lightest first."""

    INFO = "info"
    ROUTINE = "routine"
    REVIEW = "review"
    HIGH = "high"
    URGENT = "urgent"
    CRITICAL = "critical"
    EMERGENCY = "emergency"


class Role(StrEnum):
    """Who is asked. The clinic turns a role into people."""

    NURSE = "clinic nurse"
    NEUROLOGIST = "neurologist"
    CLINIC_LEAD = "clinic lead"
    PEDIATRICIAN = "pediatrician"
    OPHTHALMOLOGY = "ophthalmology"
    EPILEPTOLOGIST = "epileptologist"
    ON_CALL = "on-call clinician"
    NEUROLOGIST_ON_CALL = "neurologist on call"
    EMERGENCY_DEPARTMENT = "emergency department"


class SpanUnit(StrEnum):
    """Calendar units; months are clamped to the month's end."""

    DAYS = "days"
    MONTHS = "months"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of calendar time, possibly negative: `28 days`, `3 months`."""

    count: int
    unit: SpanUnit = SpanUnit.DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """Where a number comes from: how sure we are, a source of the pathway by key (if any), and what it
    says.
    """

    mark: Mark
    source: str = ""
    note: str = ""


# --- policy -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstChoice:
    """What is offered first for an etiology; `etiology` is `any` for the choice when nothing else matches."""

    etiology: str
    matches: tuple[str, ...] = ()
    protocols: tuple[str, ...]
    note: str = ""
    basis: Basis


class JudgedFrom(StrEnum):
    """From which day a drug's effect is judged."""

    START = "start"
    TARGET_DOSE = "target-dose"


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodePolicy:
    """Which courses form one treatment episode, and which count as failed with it.

    `rebase_on_later_drug`: a later episode takes over the EEG two weeks after the start; otherwise a later
    drug never cancels an EEG that is not yet done.
    """

    joined_within_days: int
    running_course_counts_after_days: int
    rebase_on_later_drug: bool
    vigabatrin_judged_from: JudgedFrom = JudgedFrom.START
    adequacy_signed_by_person: bool = False
    missed_doses_question_trial: int | None = None
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class EegPolicy:
    """When a recording can show that the spasms' EEG is gone, and when it shows that it is not."""

    counts_from_day: int
    sleep_required: bool
    adequate_minutes: int
    positive_counts_at_any_length: bool
    based_positive_from: int
    person_compares_without_baseline_hypsarrhythmia: bool = False
    basis: Basis


class DayConvention(StrEnum):
    """How a source counts its days: the first dose is day 1, or day 0, or the source does not say."""

    FIRST_DOSE_IS_DAY_1 = "first-dose-is-day-1"
    FIRST_DOSE_IS_DAY_0 = "first-dose-is-day-0"
    UNKNOWN = "unknown"


class BoundaryDay(StrEnum):
    """What a last spasm exactly on the boundary day means."""

    ALLOWED = "allowed"
    FAILURE = "failure"
    PERSON_DECIDES = "person-decides"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseDefinition:
    """One definition of response, in its own words and day convention.

    Spasms must be absent after `last_spasm_day` (in the source's convention), or, with
    `spasm_free_until_day`, on and between the two days; and for `spasm_free_days` in a row from the last
    spasm. `asked_on_or_after_day` names the day from which somebody must have asked the family (None:
    absence of reports is enough).
    """

    key: str
    title: str
    convention: DayConvention
    last_spasm_day: int
    spasm_free_until_day: int | None = None
    spasm_free_days: int | None = None
    boundary: BoundaryDay = BoundaryDay.ALLOWED
    eeg_required: bool = True
    asked_on_or_after_day: int | None = None
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class BpRow:
    """Blood-pressure limits from an age in completed months on, for one sex, in mmHg."""

    sex: Sex
    from_month: int
    sbp90: int
    dbp90: int
    sbp95: int
    dbp95: int
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class BpTable:
    """The limits by age and sex; under `systolic_alone_under_months` the diastolic value sets no level."""

    rows: tuple[BpRow, ...]
    systolic_alone_under_months: int | None = None
    basis: Basis


# --- monitoring rules -------------------------------------------------------------------------------------


class AppliesTo(StrEnum):
    """What a monitoring rule is for."""

    HORMONAL = "hormonal"
    VIGABATRIN = "vigabatrin"
    EPISODE = "episode"
    CHILD = "child"


class Anchor(StrEnum):
    """The fact a rule counts from.

    SPAN_START: the start of uninterrupted treatment with the class (back-to-back courses are one span).
    The last ones open a check for each fact of their kind.
    """

    SPAN_START = "span-start"
    COURSE_START = "course-start"
    EPISODE_START = "episode-start"
    LAST_DOSE = "last-dose"
    TAPER_START = "taper-start"
    CONDITIONAL_STEP = "conditional-step"
    ESCALATION = "escalation"
    DIAGNOSIS = "diagnosis"
    HIGH_BP = "high-bp"
    EXPOSURE = "exposure"
    SPASM_REPORT = "spasm-report"
    ADRENAL_SIGN = "adrenal-sign"
    FIRST_FAILURE_UNIMAGED = "first-failure-unimaged"
    SECOND_OPINION = "second-opinion"
    RELAPSE = "relapse"
    REFERRAL_STEP = "referral-step"
    VALUE = "value"


class Observes(StrEnum):
    """What satisfies a check: the kind of observation, or of a person's act."""

    BLOOD_PRESSURE = "blood-pressure"
    WEIGHT = "weight"
    LENGTH = "length"
    GLUCOSE = "glucose"
    ELECTROLYTES = "electrolytes"
    STOOL = "stool"
    CALL = "call"
    EEG = "eeg"
    VISION = "vision"
    REVIEW = "review"
    DOSE_DECISION = "dose-decision"
    TRIAL_ADEQUACY = "trial-adequacy"
    SPASM_VERDICT = "spasm-verdict"
    CONTACT = "contact"
    IMAGING = "imaging"
    REFERRAL_OUTCOME = "referral-outcome"
    REFERRAL_STEP = "referral-step"
    RECOVERY = "recovery"
    TIME = "time"


class Until(StrEnum):
    """When a rule stops opening new checks."""

    LAST_DOSE = "last-dose"
    TAPER_START = "taper-start"
    NEVER = "never"


class WorkingDays(StrEnum):
    """Where a due day moves when the clinic is closed on it."""

    ANY_DAY = "any-day"
    EARLIER = "earlier"
    LATER = "later"


class LateAfter(StrEnum):
    """From when an open check reads late: after its due day, or only after its window has closed."""

    DUE = "due"
    CLOSE = "close"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One due window, counted from the anchor. `accepts_from`: an observation from that day on counts."""

    opens: Span
    due: Span
    closes: Span | None = None
    accepts_from: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringRule:
    """What is observed, counted from what, how often, until when, and by whom.

    With `longest_gap` the rule repeats: the next check is due that long after the last counted observation
    (or after the anchor's first window), and opens `opens_before` its due day. Without, each entry of
    `windows` is one check for each anchor. A repeated check whose due day would pass `last_due` is not
    opened. `part` tells rules of one code apart. `level` and `agent` narrow HIGH_BP, ESCALATION,
    REFERRAL_STEP and EXPOSURE anchors to one escalation rule's code, one step and one agent. `answers` names
    the escalation rules whose human review satisfies the check. A VALUE anchor is an observation whose
    `measure` is `at_least` or `below` a number; changes look back over `lookback`.
    """

    code: str
    name: str
    observes: Observes
    applies_to: AppliesTo
    anchor: Anchor
    windows: tuple[Window, ...] = ()
    longest_gap: Span | None = None
    until: Until = Until.NEVER
    newest_anchor_only: bool = False
    held_days_extend: bool = False
    part: str = ""
    opens_before: Span | None = None
    last_due: Span | None = None
    level: str = ""
    agent: str = ""
    measure: str = ""
    at_least: Decimal | None = None
    below: Decimal | None = None
    lookback: Span | None = None
    answers: tuple[str, ...] = ()
    who: Role = Role.NURSE
    working_days: WorkingDays = WorkingDays.ANY_DAY
    late_after: LateAfter = LateAfter.DUE
    survives_withdrawal: bool = False
    bundles: bool = True
    basis: Basis


# --- escalation rules -------------------------------------------------------------------------------------


class Trigger(StrEnum):
    """The kinds of condition the engine knows. Their numbers are parameters of the rule."""

    NOT_STARTED = "not-started"
    CHECK_LATE = "check-late"
    EPISODE_FAILED = "episode-failed"
    SPASM_ON_BOUNDARY = "spasm-on-boundary"
    FAILED_AFTER_INADEQUATE_TRIAL = "failed-after-inadequate-trial"
    NO_NEXT_THERAPY = "no-next-therapy"
    MECHANISMS_FAILED = "mechanisms-failed"
    DRUGS_OF_ONE_MECHANISM_FAILED = "drugs-of-one-mechanism-failed"
    LESION_AND_FAILURE = "lesion-and-failure"
    LESION_RECORDED = "lesion-recorded"
    DIVERTED_TO_PERSON = "diverted-to-person"
    NOT_ACTED_ON = "not-acted-on"
    RELAPSE = "relapse"
    BP_LEVEL = "bp-level"
    BP_RECEIVED_LATE = "bp-received-late"
    BP_REPEATED = "bp-repeated"
    VISION_ABNORMAL = "vision-abnormal"
    FEVER = "fever"
    EXPOSURE = "exposure"
    LIVE_VACCINE = "live-vaccine"
    HANDOVER_OR_CONTACT = "handover-or-contact"
    MRI_TOXICITY = "mri-toxicity"


class Settles(StrEnum):
    """What resolves an escalation that stands."""

    CHECK_DONE = "check-done"
    NEXT_THERAPY = "next-therapy"
    REFERRAL_SENT = "referral-sent"
    REFERRAL_DECLINED = "referral-declined"
    SECOND_OPINION = "second-opinion"
    HUMAN_REVIEW = "human-review"
    DECISION = "decision"
    LATER_READING = "later-reading"
    SPOKEN_TO = "spoken-to"
    ACCEPTED = "accepted"
    CONTACT = "contact"
    COURSE_ENDED = "course-ended"
    RESCHEDULED = "rescheduled"
    FIRST_COURSE = "first-course"


Value = bool | int | str | Decimal | tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One named number or word of a rule, with its own source where it differs from the rule's."""

    name: str
    value: Value
    basis: Basis | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A role that is told, and what for (`signs`, `packet`), where the rule says so."""

    role: Role
    purpose: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationRule:
    """When somebody must be told, who, how soon, and what is asked of them."""

    code: str
    name: str
    trigger: Trigger
    parameters: tuple[Parameter, ...] = ()
    urgency: Urgency
    recipients: tuple[Recipient, ...]
    act_by: Span | None = None
    asks_for: str
    rationale: str
    settled_by: tuple[Settles, ...] = ()
    makes_referral: bool = False
    human_required: bool = True
    survives_withdrawal: bool = False
    rises_during_handover: bool = False
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRung:
    """One step of a ladder of nudges: who, how long after its anchor, how loud. No channel.

    Checks are counted from their due day (a negative delay comes before it), escalations from their rise.
    """

    ladder: str
    step: int
    role: Role
    delay: Span
    urgency: Urgency
    basis: Basis


class Ladder(StrEnum):
    """The ladders that reminder rungs form."""

    CHECK = "check"
    ESCALATION = "escalation"


class NightHour(StrEnum):
    """The targets that say when letters rest: whole hours of the reader's own clock."""

    FROM = "letters_rest_from_hour"
    UNTIL = "letters_rest_until_hour"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A figure the clinic measures itself against, or a number used outside the rules."""

    key: str
    title: str
    value: Value
    unit: str = ""
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class PathwayEdition:
    """One edition of a pathway: everything the engine needs to know, and nothing about any child."""

    key: str
    edition: str
    title: str
    summary: str = ""
    first_choices: tuple[FirstChoice, ...] = ()
    episode: EpisodePolicy
    eeg: EegPolicy
    definitions: tuple[ResponseDefinition, ...]
    adopted_definition: str
    bp_table: BpTable
    monitoring_rules: tuple[MonitoringRule, ...]
    escalation_rules: tuple[EscalationRule, ...]
    rungs: tuple[ReminderRung, ...] = ()
    targets: tuple[Target, ...] = ()
    sources: tuple[Source, ...] = ()

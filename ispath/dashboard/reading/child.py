"""One child: who it is, what stands, what is asked, and what the charts show. A fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Max, Q
from django.http import Http404

from clinic.access import children_visible_to
from clinic.models import (
    Check,
    Enrolment,
    Escalation,
    FamilyTold,
    Measurement,
    Patient,
    Referral,
    SpasmReport,
    TimelineEntry,
)
from ispath.dashboard.reading.chain import reason_of
from ispath.dashboard.reading.names import RECORDS, URGENCY_WORDS, check_words
from ispath.dashboard.reading.same_child import same_child
from ispath.dashboard.reading.sources import basis_words
from ispath.dashboard.words import age, amount, count, day, distance, language
from protocols import reading as pathways

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from clinic.models import ResponseAssessment
    from ispath.dashboard.desk import Desk
    from ispath.dashboard.reading.chain import Reason
    from ispath.dashboard.reading.facts import Record

TERM_WEEKS = 40
PRETERM_BEFORE_WEEKS = 37
CORRECTED_UNTIL_DAYS = 730
ROLE_ORDER = ("pediatrician", "neurologist", "nurse", "ophthalmology", "epileptologist", "surgery", "family")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """A check as the child's page shows it."""

    uid: UUID
    what: str
    state: str
    state_words: str
    tone: str
    opens_on: date
    due_on: date
    closes_on: date | None
    days_late: int
    who: str
    reason_given: str
    record: str
    reason: Reason
    shaky: bool
    today: date

    @property
    def due(self) -> str:
        """The day it is due."""
        return day(self.due_on)

    @property
    def when(self) -> str:
        """When it is due, how far off that is, and when the window closes."""
        closes = f", window closes {day(self.closes_on)}" if self.closes_on else ""
        return f"due {self.due} ({distance(self.due_on, self.today)}){closes}"

    @property
    def window(self) -> str:
        """From when to when it counts."""
        opens = day(self.opens_on)
        return f"{opens} to {day(self.closes_on)}" if self.closes_on else f"from {opens}, no last day"


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationLine:
    """An escalation as a page shows it."""

    row: Escalation
    title: str
    urgency: str
    reason: Reason
    is_open: bool

    @property
    def act_by(self) -> str:
        """The day by which somebody acts."""
        return day(self.row.act_by_on) if self.row.act_by_on else "now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Who the child is, for the head of every page about it."""

    patient: Patient
    enrolment: Enrolment | None
    age: str
    corrected_age: str
    born: str
    numbers: tuple[str, ...]
    weight: str
    weight_on: date | None
    flags: tuple[tuple[str, str], ...]
    alike: tuple[Patient, ...]


_TONES = {"overdue": "stop", "due": "warn", "upcoming": "info", "done": "good", "waived": "", "cancelled": ""}


def child_or_404(desk: Desk, uid: UUID) -> Patient:
    """Return a child this person may see; another clinic's child does not exist."""
    patient = (
        children_visible_to(desk.actor).select_related("condition", "replaced_by").filter(uid=uid).first()
    )
    if patient is None:
        message = "There is no such child at your clinic."
        raise Http404(message)
    return patient


def enrolment_of(desk: Desk, patient: Patient) -> Enrolment | None:
    """Return the enrolment this page is about: the open one, else the last."""
    rows = Enrolment.objects.filter(patient=patient, clinic__in=desk.clinics).select_related(
        "clinic", "pathway_edition__pathway"
    )
    return next(iter(sorted(rows, key=lambda row: (row.state not in Enrolment.OPEN_STATES, -row.pk))), None)


def _corrected(patient: Patient, today: date) -> str:
    weeks = patient.gestation_weeks
    if weeks is None or weeks >= PRETERM_BEFORE_WEEKS:
        return ""
    early = timedelta(days=TERM_WEEKS * 7 - weeks * 7 - patient.gestation_days)
    term = patient.birth_date + early
    if today < term or (today - patient.birth_date).days > CORRECTED_UNTIL_DAYS:
        return ""
    return age(term, today)


def _flags(patient: Patient) -> tuple[tuple[str, str], ...]:
    condition = getattr(patient, "condition", None)
    flags: list[tuple[str, str]] = []
    if condition:
        flags.append((f"Cause: {condition.etiology_text or condition.get_etiology_display()}", "info"))
        tone = "warn" if condition.lesion in {"present", "not-imaged", "pending"} else ""
        flags.append((f"Lesion: {condition.get_lesion_display()}", tone))
        if condition.metabolic_or_degenerative in {"suspected", "confirmed"}:
            words = f"Metabolic or degenerative: {condition.get_metabolic_or_degenerative_display()}"
            flags.append((words, "warn"))
    if patient.needs_interpreter:
        flags.append((f"Interpreter: {language(patient.language)}", "warn"))
    return tuple(flags)


def _gestation(patient: Patient) -> str:
    if patient.gestation_weeks is None:
        return "gestation not known"
    days = f" and {count(patient.gestation_days, 'day')}" if patient.gestation_days else ""
    return f"born at {patient.gestation_weeks} weeks{days}"


def alike(desk: Desk, patient: Patient) -> tuple[Patient, ...]:
    """Return other children one could take this one for: same surname, birth date or household."""
    same = Q(family_name__iexact=patient.family_name) | Q(birth_date=patient.birth_date)
    if patient.household:
        same |= Q(household=patient.household)
    others = children_visible_to(desk.actor).filter(same, replaced_by=None).exclude(pk=patient.pk)
    return tuple(others.order_by("family_name", "given_names")[:6])


def head_of(desk: Desk, patient: Patient) -> Head:
    """Read the head of a child's page."""
    weights = Measurement.objects.filter(
        patient__in=same_child(patient),
        kind=Measurement.Kind.WEIGHT,
        corrected_by_row=None,
        entered_in_error=False,
    )
    last = weights.order_by("-happened_on", "-pk").first()
    return Head(
        patient=patient,
        enrolment=enrolment_of(desk, patient),
        age=age(patient.birth_date, desk.today),
        corrected_age=_corrected(patient, desk.today),
        born=_gestation(patient),
        numbers=tuple(f"{row.value}" for row in patient.identifiers.all()),
        weight=f"{amount(last.value)} {last.unit}" if last else "not weighed yet",
        weight_on=last.happened_on if last else None,
        flags=_flags(patient),
        alike=alike(desk, patient),
    )


def _check_line(row: Check, today: date) -> CheckLine:
    chain = row.chain or {}
    return CheckLine(
        uid=row.uid,
        what=check_words(row.observes, row.name, row.code),
        state=row.state,
        state_words=row.get_state_display(),
        tone=_TONES.get(row.state, ""),
        opens_on=row.opens_on,
        due_on=row.due_on,
        closes_on=row.closes_on,
        days_late=(today - row.due_on).days if row.state == Check.State.OVERDUE else 0,
        who=row.who,
        reason_given=row.reason,
        record=RECORDS.get(row.observes, ""),
        reason=reason_of(chain),
        shaky=row.basis_withdrawn_on is not None,
        today=today,
    )


def checks_of(patient: Patient, today: date) -> tuple[list[CheckLine], list[CheckLine]]:
    """Return the open checks by due date, and those done, waived or cancelled, newest first."""
    rows = [_check_line(row, today) for row in Check.objects.filter(patient=patient).order_by("due_on", "pk")]
    waiting = [row for row in rows if row.state in Check.OPEN_STATES]
    closed = [row for row in rows if row.state not in Check.OPEN_STATES]
    return waiting, closed[::-1]


def escalation_lines(rows: Iterable[Escalation]) -> list[EscalationLine]:
    """Lay out escalations in the order given."""
    return [
        EscalationLine(
            row=row,
            title=row.name or row.asks_for or row.rule,
            urgency=URGENCY_WORDS.get(row.urgency, row.urgency),
            reason=reason_of(row.chain),
            is_open=row.state in Escalation.OPEN_STATES,
        )
        for row in rows
    ]


def escalations_of(patient: Patient) -> list[EscalationLine]:
    """Return the child's escalations, the open ones first."""
    rows = Escalation.objects.filter(patient=patient).order_by("priority", "-raised_on", "pk")
    return sorted(escalation_lines(rows), key=lambda line: not line.is_open)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictLine:
    """A verdict as every surface says it: silence is never success."""

    row: ResponseAssessment
    words: str
    definition: str
    source: str
    tone: str
    missing: tuple[str, ...]
    told: str
    reason: Reason
    stands: bool


VERDICT_WORDS = {
    "responder": ("Responder", "good"),
    "provisional": ("Provisional: the spasm-free time is not over", "info"),
    "non_responder": ("Non-responder", "stop"),
    "cannot_tell": ("Cannot tell", "warn"),
}
MISSING_WORDS = {
    "treatment": "no first-line treatment has started",
    "eeg": "the EEG two weeks after the start",
    "eeg-report": "the report of the EEG",
    "spasm-free-days": "28 spasm-free days",
    "person-decides": "a neurologist decides",
    "spasm-report-confirmed": "whether the reported spasm was one",
    "eeg-comparison": "a person compares the EEGs",
    "adequate-trial": "a person says whether the trial was adequate",
}


def _missing(keys: Iterable[object], patient: Patient) -> tuple[str, ...]:
    """Say what a verdict waits for; silence is said as silence (safety control S1)."""
    words = []
    for key in map(str, keys):
        if key == "family-asked":
            asked = SpasmReport.objects.filter(
                patient__in=same_child(patient),
                status=SpasmReport.Status.NONE_SEEN,
                corrected_by_row=None,
                entered_in_error=False,
            ).aggregate(last=Max("happened_on"))["last"]
            words.append(
                f"not confirmed: family last asked {day(asked)}"
                if asked
                else "not confirmed: family not asked since the last spasm"
            )
        else:
            words.append(MISSING_WORDS.get(key, key.replace("_", " ")))
    return tuple(words)


def _told(rows: dict[UUID, Any], uid: UUID) -> str:
    told = rows.get(uid)
    return (
        f"Family told by {told.told_by} on {told.happened_on:%-d %b %Y}." if told else "Family not told yet."
    )


def _definitions(enrolment: Enrolment | None) -> dict[str, tuple[str, str]]:
    """Return the title of each definition of response, and its source."""
    if enrolment is None:
        return {}
    values = pathways.pathway_values(enrolment.pathway_edition)
    return {one.key: (one.title, basis_words(values, one.basis)) for one in values.definitions}


def verdicts_of(patient: Patient, enrolment: Enrolment | None = None) -> list[VerdictLine]:
    """Return the verdicts, the standing one first."""
    definitions = _definitions(enrolment)
    told = {
        row.subject_uid: row
        for row in FamilyTold.objects.filter(patient__in=same_child(patient), subject_kind="verdict")
    }
    lines = []
    for row in patient.assessments.order_by("-assessed_on", "-pk"):
        words, tone = VERDICT_WORDS.get(row.verdict, (row.verdict, ""))
        lines.append(
            VerdictLine(
                row=row,
                words=words,
                definition=definitions.get(row.definition, (row.definition, ""))[0],
                source=definitions.get(row.definition, ("", ""))[1],
                tone=tone,
                missing=_missing(row.missing, patient) if row.superseded_on is None else (),
                told=_told(told, row.uid),
                reason=reason_of(row.chain),
                stands=row.superseded_on is None,
            )
        )
    return sorted(lines, key=lambda line: not line.stands)


def referrals_of(patient: Patient) -> list[Referral]:
    """Return the referrals with reasons and steps, the open one first."""
    rows = patient.referrals.prefetch_related("reasons__escalation", "steps").order_by("-asked_at")
    return sorted(rows, key=lambda row: row.state not in Referral.OPEN_STATES)


def team_of(patient: Patient) -> list[Any]:
    """Return the care team in the order a nurse calls it."""
    rows = patient.care_team.filter(ended_on=None).select_related("contact__alternate")
    return sorted(
        rows, key=lambda row: (ROLE_ORDER.index(row.role) if row.role in ROLE_ORDER else 99, row.pk)
    )


def history_of(patient: Patient, most: int = 200) -> list[Any]:
    """Return what happened, newest first, with who and when."""
    rows = TimelineEntry.objects.filter(patient__in=same_child(patient)).select_related("by")
    return list(rows.order_by("-at", "-pk")[:most])


def facts_behind(reason: Reason, records: Iterable[Record]) -> list[str]:
    """Name the facts a chain rests on; the engine knows them as kind/id."""
    names = {
        f"{record.kind}/{record.uid}": f"{record.title} {record.on:%-d %b %Y}: {record.text}"
        for record in records
    }
    found = (names.get(fact.partition("#")[0], "a fact of another record") for fact in reason.facts)
    return list(dict.fromkeys(found))

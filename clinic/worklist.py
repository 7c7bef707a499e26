"""What to do, for whom, most urgent first. Whatever is open is on it, however late: no horizon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, DateField, F, IntegerField, Q, UUIDField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, Concat

from clinic.access import clinics_of, enrolments_visible_to
from clinic.models import Check, Escalation, Referral, SweepHeartbeat, WorkItem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from clinic.models import Actor

# Cast, as a bare NULL is text to PostgreSQL where it joins the parts of the list two by two.
NO_DAY = Cast(Value(None), DateField())
NO_ID = Cast(Value(None), UUIDField())
REFERRAL_PRIORITY = 20  # beside what is urgent: a referral waits for somebody's act
SWEEP = "clinic-sweep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which part of the worklist is asked for; empty means all of it."""

    clinic_uid: UUID | None = None
    assigned_to: Actor | None = None
    kinds: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    urgencies: frozenset[str] = frozenset()
    drug_key: str = ""
    open_by: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the worklist."""

    kind: str
    uid: UUID
    patient_uid: UUID | None
    child: str
    clinic: str
    enrolment_uid: UUID | None
    what: str
    code: str
    why: str
    opens_on: date | None
    due_on: date | None
    closes_on: date | None
    state: str
    urgency: str
    priority: int
    who: str
    days_late: int
    assigned_to: str


COLUMNS = (
    "line_kind",
    "line_uid",
    "patient_uid",
    "child",
    "clinic_name",
    "enrolment_uid",
    "what",
    "line_code",
    "opens",
    "due",
    "closes",
    "line_state",
    "line_urgency",
    "line_priority",
    "line_who",
    "why",
    "assignee",
)


def lines(*, actor: Actor, today: date, wanted: Wanted | None = None) -> list[Line]:
    """Return every open line an actor may see: the late ones first by clinical priority, then by date.

    One query, whatever the number of children. Upcoming checks whose window opens after `wanted.open_by` are
    left out; nothing that is open or late ever is.
    """
    found = wanted or Wanted()
    parts = [part for part in union_parts(actor, found) if part is not None]
    if not parts:
        return []
    rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    unsorted = [line_of(dict(zip(COLUMNS, row, strict=True)), today) for row in rows]
    return sorted(unsorted, key=place)


def place(line: Line) -> tuple[bool, int, str, str, str]:
    """Return where a line stands: late before due, then the clinical priority, then the date."""
    return (line.days_late <= 0, line.priority, str(line.due_on or ""), line.child, str(line.uid))


def union_parts(actor: Actor, wanted: Wanted) -> Iterable[QuerySet[Any, Any] | None]:
    """Return the tables that the list is made of, each narrowed to what is wanted."""
    kinds = wanted.kinds
    if not kinds or "check" in kinds:
        yield checks(actor, wanted)
    if not kinds or "escalation" in kinds:
        yield escalations(actor, wanted)
    if not kinds or "referral" in kinds:
        yield referrals(actor, wanted)
    if (not kinds or "work_item" in kinds) and not wanted.codes and not wanted.drug_key:
        yield items(actor, wanted)


def narrowed(rows: QuerySet[Any], wanted: Wanted) -> QuerySet[Any]:
    """Narrow rows that belong to an enrolment."""
    if wanted.clinic_uid is not None:
        rows = rows.filter(enrolment__clinic__uid=wanted.clinic_uid)
    if wanted.assigned_to is not None:
        rows = rows.filter(assigned_to=wanted.assigned_to)
    if wanted.drug_key:
        rows = rows.filter(
            enrolment__courses__drug__key=wanted.drug_key,
            enrolment__courses__status__in=("active", "held"),
        ).distinct()
    return rows


def shown(rows: QuerySet[Any], **values: Any) -> QuerySet[Any, Any]:
    """Return rows as tuples of the columns of the list."""
    common = {
        "line_uid": F("uid"),
        "patient_uid": F("patient__uid"),
        "child": Concat(
            F("patient__family_name"), Value(", "), F("patient__given_names"), output_field=CharField()
        ),
        "assignee": Coalesce(F("assigned_to__name"), Value(""), output_field=CharField()),
    }
    found: QuerySet[Any, Any] = rows.annotate(**{**common, **values}).order_by().values_list(*COLUMNS)
    return found


def of_enrolment() -> dict[str, Any]:
    """Return the columns of a row that belongs to an enrolment."""
    return {"clinic_name": F("enrolment__clinic__name"), "enrolment_uid": F("enrolment__uid")}


def text(value: str) -> Any:
    """Return a constant as a column of text."""
    return Value(value, output_field=CharField())


def checks(actor: Actor, wanted: Wanted) -> QuerySet[Any, Any]:
    """Return the checks nobody has done, of every enrolment that is not over."""
    rows = Check.objects.unsatisfied().filter(enrolment__in=enrolments_visible_to(actor))
    if wanted.open_by is not None:
        rows = rows.filter(~Q(state=Check.State.UPCOMING) | Q(opens_on__lte=wanted.open_by))
    if wanted.codes:
        rows = rows.filter(code__in=wanted.codes)
    if wanted.urgencies:
        rows = rows.filter(urgency__in=wanted.urgencies)
    return shown(
        narrowed(rows, wanted),
        line_kind=text("check"),
        **of_enrolment(),
        what=F("name"),
        line_code=F("code"),
        opens=F("opens_on"),
        due=F("due_on"),
        closes=F("closes_on"),
        line_state=F("state"),
        line_urgency=F("urgency"),
        line_priority=Cast(F("priority"), IntegerField()),
        line_who=F("who"),
        why=Coalesce(KT("chain__sentence"), Value(""), output_field=CharField()),
    )


def escalations(actor: Actor, wanted: Wanted) -> QuerySet[Any, Any]:
    """Return the escalations that still ask somebody for something."""
    rows = Escalation.objects.open().filter(enrolment__in=enrolments_visible_to(actor))
    if wanted.codes:
        rows = rows.filter(rule__in=wanted.codes)
    if wanted.urgencies:
        rows = rows.filter(urgency__in=wanted.urgencies)
    return shown(
        narrowed(rows, wanted),
        line_kind=text("escalation"),
        **of_enrolment(),
        what=F("name"),
        line_code=F("rule"),
        opens=F("raised_on"),
        due=Coalesce(F("act_by_on"), F("raised_on")),
        closes=NO_DAY,
        line_state=F("state"),
        line_urgency=F("urgency"),
        line_priority=Cast(F("priority"), IntegerField()),
        line_who=text(""),
        why=Coalesce(KT("chain__sentence"), Value(""), output_field=CharField()),
    )


def referrals(actor: Actor, wanted: Wanted) -> QuerySet[Any, Any]:
    """Return the referrals that wait for somebody's act."""
    rows = Referral.objects.open().filter(enrolment__in=enrolments_visible_to(actor))
    return shown(
        narrowed(rows, wanted),
        line_kind=text("referral"),
        **of_enrolment(),
        what=text("Surgical-evaluation referral"),
        line_code=text("REFERRAL"),
        opens=F("asked_on"),
        due=Coalesce(F("act_by_on"), F("asked_on")),
        closes=NO_DAY,
        line_state=F("state"),
        line_urgency=text("urgent"),
        line_priority=Value(REFERRAL_PRIORITY, output_field=IntegerField()),
        line_who=text("neurologist"),
        why=text(""),
    )


def items(actor: Actor, wanted: Wanted) -> QuerySet[Any, Any]:
    """Return what a person must do that is no check."""
    rows = WorkItem.objects.open().filter(clinic__in=clinics_of(actor))
    if wanted.clinic_uid is not None:
        rows = rows.filter(clinic__uid=wanted.clinic_uid)
    if wanted.assigned_to is not None:
        rows = rows.filter(assigned_to=wanted.assigned_to)
    return shown(
        rows,
        line_kind=text("work_item"),
        clinic_name=F("clinic__name"),
        enrolment_uid=NO_ID,
        what=F("kind"),
        line_code=F("kind"),
        opens=F("due_on"),
        due=F("due_on"),
        closes=NO_DAY,
        line_state=text("open"),
        line_urgency=text("routine"),
        line_priority=Cast(F("priority"), IntegerField()),
        line_who=text("clinic nurse"),
        why=F("text"),
    )


def line_of(row: dict[str, Any], today: date) -> Line:
    """Return one row of the union as a line."""
    due_on = row["due"]
    return Line(
        kind=row["line_kind"],
        uid=row["line_uid"],
        patient_uid=row["patient_uid"],
        child=(row["child"] or "").strip(", "),
        clinic=row["clinic_name"],
        enrolment_uid=row["enrolment_uid"],
        what=row["what"],
        code=row["line_code"],
        why=row["why"] or "",
        opens_on=row["opens"],
        due_on=due_on,
        closes_on=row["closes"],
        state=row["line_state"],
        urgency=row["line_urgency"],
        priority=row["line_priority"],
        who=row["line_who"],
        days_late=0 if due_on is None else max(0, (today - due_on).days),
        assigned_to=row["assignee"],
    )


def last_sweep(*, now: datetime) -> SweepHeartbeat | None:
    """Return the last beat of the sweep, so that a page can say how old its states are."""
    beat = SweepHeartbeat.objects.filter(name=SWEEP).first()
    return beat if beat is None or beat.started_at <= now else None

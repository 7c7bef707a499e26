"""Today's worklist from the rows: overdue first, then today, then this week; no horizon hides anybody."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.urls import reverse

from clinic.access import enrolments_visible_to
from clinic.models import Check, ContactAttempt, Course, Enrolment, Escalation, Referral, WorkItem
from ispath.dashboard.reading.answering import open_referrals, page_of_check, page_of_item
from ispath.dashboard.reading.chain import source_words
from ispath.dashboard.reading.letters import last_reminders
from ispath.dashboard.reading.names import RECORDS, URGENCY_WORDS, check_words
from ispath.dashboard.words import humane

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from ispath.dashboard.desk import Desk

WEEK = timedelta(days=7)
BANDS = (("overdue", "Overdue"), ("today", "Due today"), ("week", "This week"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the nurse asked to see; empty means everything of the clinic."""

    mine: bool = False
    drug: str = ""
    kind: str = ""
    urgency: str = ""

    @property
    def any(self) -> bool:
        """Whether something is filtered out."""
        return bool(self.mine or self.drug or self.kind or self.urgency)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRow:
    """One line of the worklist."""

    subject: str
    uid: UUID
    child: UUID | None
    name: str
    what: str
    code: str
    band: str
    opens_on: date | None
    due_on: date
    closes_on: date | None
    days_late: int
    why: str
    who: str
    urgency: str
    priority: int
    assigned: str
    called: str
    letter: str = ""
    record: str = ""
    answered_at: str = ""
    drugs: tuple[str, ...] = ()
    source: str = ""

    @property
    def urgency_word(self) -> str:
        """The urgency as a word."""
        return URGENCY_WORDS.get(self.urgency, self.urgency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """A card: how many, of what, where they are listed."""

    number: int
    what: str
    more: str
    tone: str
    link: str


def _last_call(**about: str) -> Any:
    calls = ContactAttempt.objects.filter(**{key: OuterRef(value) for key, value in about.items()})
    return calls.order_by("-happened_on", "-pk")


def _checks(desk: Desk, until: date) -> QuerySet[Any, Any]:
    calls = _last_call(check_row="pk")
    rows = Check.objects.unsatisfied().filter(
        Q(state=Check.State.OVERDUE) | Q(due_on__lte=until), enrolment__clinic=desk.clinic
    )
    return rows.by_priority().values(
        "uid", "state", "code", "name", "observes", "opens_on", "due_on", "closes_on", "priority", "urgency",
        "who",
        child=F("patient__uid"), of_course=F("course__uid"), patient_pk=F("patient_id"),
        family=F("patient__family_name"), given=F("patient__given_names"),
        assignee=F("assigned_to__name"), assignee_pk=F("assigned_to_id"),
        sentence=KeyTextTransform("sentence", "chain"), basis=KeyTransform("basis", "chain"),
        pathway=KeyTextTransform("pathway", "chain"), edition=KeyTextTransform("edition", "chain"),
        call_on=Subquery(calls.values("happened_on")[:1]), call_outcome=Subquery(calls.values("outcome")[:1]),
        call_again=Subquery(calls.values("ask_again_on")[:1]),
    )  # fmt: skip


def _band(row: dict[str, Any], today: date) -> str:
    if row["state"] == Check.State.OVERDUE:
        return "overdue"
    return "today" if row["due_on"] <= today else "week"


def _called(row: dict[str, Any]) -> str:
    if not row["call_on"]:
        return ""
    outcome = ContactAttempt.Outcome(row["call_outcome"]).label
    again = f", ask again {row['call_again']:%-d %b}" if row["call_again"] else ""
    return f"Called {row['call_on']:%-d %b}: {outcome}{again}"


def _check_row(row: dict[str, Any], desk: Desk, today: date, drugs: dict[int, tuple[str, ...]]) -> WorkRow:
    last_day = row["due_on"]
    return WorkRow(
        subject="check",
        uid=row["uid"],
        child=row["child"],
        name=f"{row['family']}, {row['given']}",
        what=check_words(row["observes"], row["name"], row["code"]),
        code=row["code"],
        band=_band(row, today),
        opens_on=row["opens_on"],
        due_on=row["due_on"],
        closes_on=row["closes_on"],
        days_late=(today - last_day).days,
        why=humane(row["sentence"] or ""),
        who=row["who"],
        urgency=row["urgency"],
        priority=row["priority"],
        assigned="you" if row["assignee_pk"] == desk.actor.pk else row["assignee"] or "",
        called=_called(row),
        record=RECORDS.get(row["observes"], ""),
        answered_at=row["answered_at"],
        drugs=drugs.get(row["patient_pk"], ()),
        source=source_words(row, row["basis"]),
    )


def _items(desk: Desk, today: date, until: date) -> list[WorkRow]:
    rows = WorkItem.objects.open().filter(clinic=desk.clinic, due_on__lte=until)
    rows = rows.select_related("patient", "assigned_to").order_by("priority", "due_on", "pk")
    return [_item_row(row, desk, today) for row in rows]


def _item_row(item: WorkItem, desk: Desk, today: date) -> WorkRow:
    late = (today - item.due_on).days
    return WorkRow(
        subject="item",
        uid=item.uid,
        child=item.patient.uid if item.patient else None,
        name=str(item.patient) if item.patient else item.text or "The clinic",
        what=item.get_kind_display().capitalize(),
        code=item.kind,
        band="overdue" if late > 0 else "today" if late == 0 else "week",
        opens_on=None,
        due_on=item.due_on,
        closes_on=None,
        days_late=late,
        why=humane(item.text),
        who="clinic nurse",
        urgency="",
        priority=item.priority,
        assigned="you" if item.assigned_to_id == desk.actor.pk else str(item.assigned_to or ""),
        called="",
        answered_at=page_of_item(item),
    )


def running_drugs(desk: Desk) -> dict[int, tuple[str, ...]]:
    """Return the drugs each child of the clinic is on now, by child."""
    found: dict[int, tuple[str, ...]] = {}
    running = Course.objects.running().filter(enrolment__clinic=desk.clinic).order_by("start_on")
    for child, drug in running.values_list("patient_id", "drug__key"):
        found[child] = (*found.get(child, ()), drug)
    return found


def worklist(desk: Desk, filters: Filters) -> dict[str, list[WorkRow]]:
    """Return the rows of each band, by clinical priority, then date."""
    today, until = desk.today, desk.today + WEEK
    drugs = running_drugs(desk)
    reminders = last_reminders(desk)
    referrals = open_referrals(desk)
    checks = ({**row, "answered_at": page_of_check(row, referrals)} for row in _checks(desk, until))
    rows = [_check_row(row, desk, today, drugs) for row in checks]
    rows = [replace(row, letter=reminders.get(row.uid, "")) for row in rows]
    rows += [replace(row, drugs=()) for row in _items(desk, today, until)]
    wanted = sorted(
        (row for row in rows if _wanted(row, filters)), key=lambda row: (row.priority, row.due_on)
    )
    return {band: [row for row in wanted if row.band == band] for band, _ in BANDS}


def _wanted(row: WorkRow, filters: Filters) -> bool:
    return (
        (not filters.mine or row.assigned == "you")
        and (not filters.drug or filters.drug in row.drugs)
        and (not filters.kind or row.code == filters.kind)
        and (not filters.urgency or row.urgency == filters.urgency)
    )


def open_escalations(desk: Desk) -> list[Escalation]:
    """Return the escalations that still ask somebody for something, the most urgent first."""
    rows = Escalation.objects.open().filter(enrolment__clinic=desk.clinic).by_urgency()
    return list(rows.select_related("patient", "assigned_to", "enrolment"))


def tallies(desk: Desk, escalations: list[Escalation]) -> list[Tally]:
    """Return the cards above the list."""
    today = desk.today
    enrolled = enrolments_visible_to(desk.actor).filter(clinic=desk.clinic)
    running = Q(courses__status__in=(Course.Status.ACTIVE, Course.Status.HELD))
    counts = enrolled.filter(state__in=Enrolment.OPEN_STATES).aggregate(
        all=Count("pk", distinct=True), treated=Count("pk", filter=running, distinct=True)
    )
    verdicts = Check.objects.unsatisfied().filter(
        enrolment__clinic=desk.clinic, code="EEG14", due_on__lte=today + WEEK
    )
    referrals = Referral.objects.open().filter(enrolment__clinic=desk.clinic)
    waiting = referrals.exclude(state=Referral.State.SEEN).count()
    bounced = (
        WorkItem.objects.open()
        .filter(clinic=desk.clinic, kind__in=("bounce", "dead_letter", "silence"))
        .count()
    )
    oldest = max(((today - row.raised_on).days for row in escalations), default=0)
    return [
        Tally(
            number=counts["treated"],
            what="children on treatment",
            more=f"of {counts['all']} followed",
            tone="info",
            link=reverse("admin:children"),
        ),
        Tally(
            number=verdicts.count(),
            what="verdicts due this week",
            more="the deciding EEG is due or late",
            tone="warn",
            link="?kind=EEG14",
        ),
        Tally(
            number=len(escalations),
            what="escalations open",
            more=f"the oldest for {oldest} days" if escalations else "nothing is waiting",
            tone="stop" if escalations else "good",
            link=reverse("admin:escalations"),
        ),
        Tally(
            number=waiting,
            what="referrals without an answer",
            more="asked for, sent or received",
            tone="warn" if waiting else "good",
            link=reverse("admin:referrals"),
        ),
        Tally(
            number=bounced,
            what="letters that did not arrive",
            more="bounced, stuck or unanswered",
            tone="warn" if bounced else "good",
            link=reverse("admin:letters"),
        ),
    ]

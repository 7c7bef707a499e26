"""Taking over a running caseload from a CSV file: all of it or nothing, every mistake with its line.

Children arrive with their record number, pathway and pediatrician. A course comes in as a draft that a second
person checks before it runs. The letters of a whole import wait for each other: each reader gets one digest.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from clinic import careteam, courses
from clinic.children import register_child
from clinic.enrolment import enrol
from clinic.models import Actor, CareTeamMember, Clinic, Contact, Enrolment, Patient
from clinic.printed import NOT_PRINTED, is_printed
from notifications.models import Outage
from notifications.outages import CATCH_UP, IMPORT
from protocols.in_force import protocols_in_force
from protocols.refusal import Refusal

NEEDED = ("family_name", "given_names", "birth_date", "sex", "mrn")
OPTIONAL = (
    "mrn_system", "enrolled_on", "pediatrician", "practice", "email", "address_confirmed",
    "protocol", "start_on", "weight_kg", "length_cm",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One thing that is wrong, where, and what to do."""

    line: int
    column: str
    sentence: str

    def __str__(self) -> str:
        where = f"line {self.line}, {self.column}" if self.column else f"line {self.line}"
        return f"{where}: {self.sentence}"


class NotImported(Refusal):
    """A file with mistakes. Nothing of it was taken."""

    code = "not-imported"

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__(
            f"Nothing was imported: {len(self.mistakes)} mistakes. Correct them, and import again."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One child of the file, read but not yet written."""

    number: int
    values: Mapping[str, str]

    def text(self, column: str) -> str:
        """A cell without the blanks around it."""
        text = (self.values.get(column) or "").strip()
        if not is_printed(text):
            raise WrongCell(column, NOT_PRINTED)
        return text

    def day(self, column: str) -> date | None:
        """A cell as a date; None when it is empty."""
        text = self.text(column)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError as error:
            raise WrongCell(column, f"“{text}” is no date. Write it as 2026-11-20.") from error

    def number_of(self, column: str) -> Decimal | None:
        """A cell as a number; None when it is empty."""
        text = self.text(column)
        try:
            return Decimal(text) if text else None
        except InvalidOperation as error:
            raise WrongCell(column, f"“{text}” is no number. Write it as 7.2.") from error


class WrongCell(Exception):
    """A cell that cannot be read."""

    def __init__(self, column: str, sentence: str) -> None:
        super().__init__(sentence)
        self.column, self.sentence = column, sentence


@transaction.atomic
def import_children(*, rows: Iterable[str], clinic: Clinic, by: Actor, now: datetime) -> list[Patient]:
    """Take over every child of a CSV file, or none: NotImported lists every mistake with its line."""
    reader = csv.DictReader(rows)
    mistakes = list(_wrong_columns(reader.fieldnames or ()))
    if mistakes:
        raise NotImported(mistakes)
    hold_letters(now=now)
    children: list[Patient] = []
    for number, values in enumerate(reader, start=2):
        line = Line(number=number, values={key: value for key, value in values.items() if key})
        try:
            with transaction.atomic():
                children.append(_take(line, clinic=clinic, by=by, now=now))
        except Refusal as refusal:
            mistakes.append(Mistake(line=number, column=refusal.field or "", sentence=refusal.sentence))
        except WrongCell as wrong:
            mistakes.append(Mistake(line=number, column=wrong.column, sentence=wrong.sentence))
    if mistakes:
        raise NotImported(mistakes)
    return children


def hold_letters(*, now: datetime) -> None:
    """What is written during an import waits and goes out as one digest for each reader."""
    Outage.objects.create(
        name=IMPORT, since=now - timedelta(seconds=1), until=now, catch_up_until=now + CATCH_UP
    )


def _wrong_columns(found: Iterable[str]) -> Iterable[Mistake]:
    for column in NEEDED:
        if column not in found:
            yield Mistake(line=1, column=column, sentence="This column is missing.")
    for column in found:
        if column not in NEEDED + OPTIONAL:
            known = ", ".join(NEEDED + OPTIONAL)
            yield Mistake(line=1, column=column, sentence=f"This column is not known. Known are: {known}.")


def _take(line: Line, *, clinic: Clinic, by: Actor, now: datetime) -> Patient:
    for column in NEEDED:
        if not line.text(column):
            raise WrongCell(column, "This must not be empty.")
    if line.text("sex") not in Patient.Sex.values:
        raise WrongCell("sex", f"Write one of {', '.join(Patient.Sex.values)}.")
    child = register_child(
        clinic=clinic,
        by=by,
        now=now,
        family_name=line.text("family_name"),
        given_names=line.text("given_names"),
        birth_date=line.day("birth_date"),
        sex=line.text("sex"),
        identifiers=[(line.text("mrn_system") or clinic.mrn_system, line.text("mrn"))],
    )
    _take_pediatrician(line, child, clinic=clinic, by=by, now=now)
    enrolment = enrol(patient=child, clinic=clinic, by=by, now=now, enrolled_on=line.day("enrolled_on"))
    _take_course(line, enrolment, by=by, now=now)
    return child


def _take_pediatrician(line: Line, child: Patient, *, clinic: Clinic, by: Actor, now: datetime) -> None:
    """One contact for each address of the clinic's book: a practice with ten children stands there once."""
    if not line.text("pediatrician"):
        return
    email = line.text("email").lower()
    try:
        if email:
            validate_email(email)
    except ValidationError as error:
        raise WrongCell("email", f"“{email}” is not an e-mail address.") from error
    known = Contact.objects.filter(clinic=clinic, email=email).order_by("pk").first() if email else None
    contact = known or careteam.add_contact(
        clinic=clinic,
        by=by,
        now=now,
        name=line.text("pediatrician"),
        practice=line.text("practice"),
        email=email,
    )
    if email and line.text("address_confirmed").lower() in {"yes", "true", "1"}:
        careteam.confirm_address(contact=contact, by=by, now=now)
    role = CareTeamMember.Role.PEDIATRICIAN
    careteam.add_to_team(patient=child, clinic=clinic, contact=contact, role=role, by=by, now=now)


def _take_course(line: Line, enrolment: Enrolment, *, by: Actor, now: datetime) -> None:
    key = line.text("protocol")
    if not key:
        return
    known = protocols_in_force(enrolment.clinic.local_date(now))
    if key not in known:
        raise WrongCell("protocol", f"“{key}” is not in force. In force are: {', '.join(sorted(known))}.")
    start_on = line.day("start_on")
    if start_on is None:
        raise WrongCell("start_on", "A course needs the day of its first dose.")
    courses.plan_course(
        enrolment=enrolment,
        protocol_edition=known[key],
        start_on=start_on,
        weight_kg=line.number_of("weight_kg"),
        length_cm=line.number_of("length_cm"),
        by=by,
        now=now,
    )

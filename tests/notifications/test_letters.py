"""Every letter, for a child with a canary in every private field: none of them may sing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import models

from clinic.timeline import Kind, tell
from notifications.letterhead import Letterhead
from notifications.letters import LETTERS
from notifications.letters.envelope import compose
from notifications.models import CalendarEntry, Delivery
from notifications.relay import relay
from notifications.stillwanted import Circumstances
from tests.factories.clinic import NOW, TODAY, CheckFactory, ConditionFactory, PatientIdentifierFactory
from tests.factories.notifications import DeliveryFactory
from tests.notifications.conftest import send
from tests.notifications.mailsink import MailSink

pytestmark = pytest.mark.django_db

CANARY = "Kanarienvogel"
DATA = {
    "observes": "blood-pressure",
    "opens_on": "2027-01-01",
    "due_on": "2027-01-04",
    "before_on": "2027-01-02",
    "act_by_on": "2027-01-05",
    "on": "2027-01-06",
    "until_on": "2027-02-01",
    "told_on": "2027-01-03",
    "asks": ["a blood pressure check", "a weight check"],
    "overdue": 1,
    "due": 2,
    "upcoming": 3,
}
# Drugs, illness, findings, and words that hurt (safety S14). None of them belongs into any letter.
FORBIDDEN = re.compile(
    r"prednis|acth|tetracosactide|vigabatrin|hormon|steroid|spasm|epilep|seizure|hypsarrhythmia|eeg\b|mri\b|tuberous"
    r"|surg|mmhg|\bmg\b|non-?responder|\bfail|refus|\blost\b|infantile",
    re.IGNORECASE,
)


def canary_in_every_private_field(row: models.Model) -> None:
    """Fill what the model itself calls private with a word that can be found again."""
    private = {
        name for base in type(row).__mro__ for name in getattr(vars(base).get("Privacy"), "private", ())
    }
    for field in row._meta.concrete_fields:
        holds_text = isinstance(field, models.CharField | models.TextField) and not field.choices
        if field.name in private and holds_text:
            setattr(row, field.attname, CANARY[: field.max_length])
    row.save()


@pytest.fixture
def circumstances() -> Circumstances:
    """A letter to a practice about a child whose every private field is a canary."""
    delivery: Delivery = DeliveryFactory.create(cause_kind="check", letter="check_due", data=DATA)
    enrolment = delivery.enrolment
    assert enrolment is not None
    check = CheckFactory.create(enrolment=enrolment, uid=delivery.cause_uid, done_by_kind="")
    for row in (
        enrolment.patient,
        PatientIdentifierFactory.create(patient=enrolment.patient),
        ConditionFactory.create(patient=enrolment.patient),
        check,
    ):
        canary_in_every_private_field(row)
    delivery.refresh_from_db()
    entry = CalendarEntry(reader=delivery.reader, check_uid=check.uid, on=TODAY)
    dates = {"opens_on": TODAY, "due_on": TODAY, "closes_on": TODAY, "act_by_on": TODAY}
    return Circumstances(delivery=delivery, dates=dates, calendar=entry)


def every_letter(one: Circumstances) -> Iterator[tuple[str, Circumstances]]:
    """Each letter, in the paces and the company in which it can travel."""
    for name in LETTERS:
        one.delivery.letter = name
        enclosed = (Circumstances(delivery=one.delivery, letter="check_due", dates=one.dates),) * 3
        yield (
            name,
            Circumstances(
                delivery=one.delivery,
                letter=name,
                dates=one.dates,
                calendar=one.calendar if name.startswith("check") else None,
                enclosed=enclosed if name == "digest" else (),
            ),
        )


def test_the_canary_is_where_it_can_be_found(circumstances: Circumstances) -> None:
    enrolment = circumstances.delivery.enrolment
    assert enrolment is not None
    assert enrolment.patient.family_name == CANARY
    assert apps.get_model("clinic.PatientIdentifier").objects.get().value == CANARY


def test_no_letter_betrays_a_child_in_subject_body_header_calendar_or_link(
    circumstances: Circumstances, house: Letterhead
) -> None:
    enrolment = circumstances.delivery.enrolment
    assert enrolment is not None
    patient = enrolment.patient
    for name, one in every_letter(circumstances):
        raw = everything_in(compose(one, address="doctor@demo.example", house=house))

        assert CANARY.lower() not in raw.lower(), name
        assert patient.birth_date.isoformat() not in raw, name
        assert str(patient.uid) not in raw, name
        assert str(enrolment.uid) not in raw, name
        found = FORBIDDEN.search(re.sub(r"https?://\S+|ispath\S*", "", raw))
        assert found is None, f"{name} says {found}"


def test_no_mail_as_the_server_takes_it_and_no_line_of_the_log_betrays_a_child(
    circumstances: Circumstances, mail_server: MailSink, caplog: pytest.LogCaptureFixture
) -> None:
    delivery, enrolment = circumstances.delivery, circumstances.delivery.enrolment
    assert enrolment is not None
    common = {"enrolment": enrolment, "cause_uid": delivery.cause_uid, "data": DATA}
    refused = DeliveryFactory.create(**common, letter="check_due", cause_kind="check", rung="refused")
    DeliveryFactory.create(**common, letter="no_such_letter", rung="poison", cause_kind="news")
    DeliveryFactory.create(enrolment=enrolment, letter="referral_made")
    mail_server.address_answers[refused.reader.contact.email] = "450 4.2.1 not now"
    tell(Kind.CHECK_OPENED, about=refused.clinic, enrolment=enrolment, by=delivery.caused_by, now=NOW)

    with caplog.at_level("DEBUG"):
        relay(now=NOW)
        done = send()

    raw = "".join(letter.as_string() for letter in mail_server.letters)
    assert (done.sent, done.later) == (2, 2)
    for said in (raw, caplog.text, *map(repr, (vars(record) for record in caplog.records))):
        assert CANARY.lower() not in said.lower()
        assert str(enrolment.patient.uid) not in said
        assert enrolment.patient.birth_date.isoformat() not in said


def everything_in(message: Any) -> str:
    """The mail as text: headers, both bodies, attachments, decoded."""
    mail = message.message()
    parts = [
        str(part.get_payload(decode=True) or b"", "utf-8") for part in mail.walk() if not part.is_multipart()
    ]
    return "\n".join([*(f"{key}: {value}" for key, value in mail.items()), *parts])


def test_every_letter_is_complete_in_plain_text_and_in_html(
    circumstances: Circumstances, house: Letterhead
) -> None:
    for name, one in every_letter(circumstances):
        message = compose(one, address="doctor@demo.example", house=house)

        html = str(message.alternatives[0][0])
        for text in (message.body, html):
            assert "{{" not in text, name
            assert "{%" not in text, name
            assert "None" not in text, name
            assert "Reference" in text, name
        assert "\n\n\n\n" not in message.body, name
        assert len(message.subject) <= 60, name
        assert "<script" not in html, name
        assert "src=" not in html, name


def test_every_letter_offers_another_way_and_says_that_a_machine_wrote_it(
    circumstances: Circumstances, house: Letterhead
) -> None:
    for name, one in every_letter(circumstances):
        headers = compose(one, address="doctor@demo.example", house=house).message()

        assert headers["List-Unsubscribe"].startswith("<https://ispath.test/letters/"), name
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click", name
        assert headers["Auto-Submitted"] == "auto-generated", name
        assert headers["Message-ID"] == f"<{one.delivery.uid}@demo.example>", name


def syllables(word: str) -> int:
    """Count as readability formulas do: groups of vowels, without a silent e."""
    groups = len(re.findall(r"[aeiouy]+", word.lower().removesuffix("e")))
    return max(1, groups)


def test_letters_are_written_for_a_ninth_grader(circumstances: Circumstances, house: Letterhead) -> None:
    """Flesch-Kincaid grade of each letter's own words, at most 9."""
    for name, one in every_letter(circumstances):
        body = str(compose(one, address="doctor@demo.example", house=house).body)
        text = re.sub(r"https?://\S+|[-\d]+|Reference \S+", " ", body)
        sentences = [part for part in re.split(r"[.!?:]\s|\n\n", text) if re.search(r"[a-z]", part)]
        words = re.findall(r"[A-Za-z']+", text)
        per_sentence, per_word = len(words) / len(sentences), sum(map(syllables, words)) / len(words)
        grade = 0.39 * per_sentence + 11.8 * per_word - 15.59
        assert grade <= 9, f"{name}: {grade:.1f}"


def test_the_same_row_gives_the_same_letter(circumstances: Circumstances, house: Letterhead) -> None:
    first = compose(circumstances, address="doctor@demo.example", house=house)
    second = compose(circumstances, address="doctor@demo.example", house=house)

    assert (first.body, first.extra_headers) == (second.body, second.extra_headers)


def test_an_emergency_names_the_number_to_call(circumstances: Circumstances, house: Letterhead) -> None:
    circumstances.delivery.clinic.emergency_phone = "+1 555 0100"
    one = Circumstances(delivery=circumstances.delivery, letter="escalation_emergency")

    assert "+1 555 0100" in compose(one, address="doctor@demo.example", house=house).body


def test_a_letter_about_a_check_carries_its_date(circumstances: Circumstances, house: Letterhead) -> None:
    message = compose(circumstances, address="doctor@demo.example", house=house)

    name, text, kind = message.attachments[0]
    assert kind is not None
    assert kind.startswith("text/calendar; method=REQUEST")
    assert "DTSTART;VALUE=DATE:20270104" in str(text)
    assert UUID(str(name).removesuffix(".ics")) == circumstances.delivery.cause_uid

"""What goes over the wire says the same as Python's own generator would have said."""

from __future__ import annotations

import email
from email import policy
from email.message import EmailMessage

import pytest
from django.core.mail import BadHeaderError, EmailMultiAlternatives

from notifications.letters import LETTERS
from notifications.letters.examples import examples
from notifications.wire import bytes_of

BOUNDARY = "ispath-test"


def read(raw: bytes) -> EmailMessage:
    """A mail as a reader's program reads it."""
    return email.message_from_bytes(raw, policy=policy.default)


def parts_of(mail: EmailMessage) -> list[tuple[str, str, str | None]]:
    """Kind, content and file name of each part."""
    return [
        (part.get_content_type(), str(part.get_content()).replace("\r\n", "\n").strip(), part.get_filename())
        for part in mail.walk()
        if not part.is_multipart()
    ]


@pytest.mark.parametrize(("name", "letter"), list(examples()), ids=list(LETTERS))
def test_every_letter_reads_the_same(name: str, letter: EmailMultiAlternatives) -> None:
    ours = read(bytes_of(letter, boundary=BOUNDARY))
    theirs = read(letter.message().as_bytes())

    assert parts_of(ours) == parts_of(theirs), name
    for header in ("Subject", "From", "To", "Message-ID", "List-Unsubscribe", "Auto-Submitted"):
        assert str(ours[header]).strip() == str(theirs[header]).strip(), name
    assert not ours.defects


def test_other_alphabets_and_long_lines_arrive_whole() -> None:
    letter = EmailMultiAlternatives(
        subject="Prüfung für 子ども",
        body="ä" * 3000 + "\n.\nfin",
        from_email="a@b.example",
        to=["c@d.example"],
    )
    letter.attach_alternative("<p>子</p>", "text/html")

    mail = read(bytes_of(letter, boundary=BOUNDARY))

    assert mail["Subject"] == "Prüfung für 子ども"
    assert parts_of(mail)[0][1] == "ä" * 3000 + "\n.\nfin"
    assert parts_of(mail)[1][1] == "<p>子</p>"


def test_a_header_with_a_line_break_is_refused() -> None:
    letter = EmailMultiAlternatives(
        subject="x\nBcc: all@d.example", body="x", from_email="a@b.example", to=["c@d.example"]
    )

    with pytest.raises(BadHeaderError):
        bytes_of(letter, boundary=BOUNDARY)

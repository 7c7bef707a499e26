from __future__ import annotations

from smtplib import SMTPRecipientsRefused

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import resolve
from django.urls.exceptions import Resolver404
from pytest_django.fixtures import Settings

from ispath.mailcatcher.checks import letters_leave_the_house
from tests.conftest import MailCatcher

pytestmark = pytest.mark.urls("tests.environment.mail_catcher_urls")


@pytest.fixture(autouse=True)
def a_developers_machine(settings: Settings) -> None:
    settings.DEBUG = True


def send_one() -> None:
    letter = EmailMultiAlternatives(
        subject="Something is due – please look",
        body="Look here: https://ispath.test/x",
        from_email="ispath <ispath@demo.example>",
        to=["practice@demo.example"],
        bcc=["hidden@demo.example"],
    )
    letter.attach_alternative('<p>Look <a href="https://ispath.test/x">here</a></p>', "text/html")
    letter.attach("due.ics", "BEGIN:VCALENDAR", "text/calendar")
    assert letter.send() == 1


def test_a_letter_that_went_through_smtp_can_be_read_whole(mail_catcher: MailCatcher) -> None:
    send_one()

    (letter,) = mail_catcher.letters()
    assert letter.subject == "Something is due – please look"
    assert letter.to == ("practice@demo.example", "hidden@demo.example")
    assert "https://ispath.test/x" in letter.text
    assert "<p>Look" in letter.html
    assert [one.name for one in letter.attachments] == ["due.ics"]


def test_an_address_that_can_never_be_is_refused_for_good(mail_catcher: MailCatcher) -> None:
    letter = EmailMultiAlternatives(body="Look", to=["desk@closed-practice.invalid"])

    with pytest.raises(SMTPRecipientsRefused) as refused:
        letter.send()

    assert refused.value.recipients["desk@closed-practice.invalid"][0] == 550
    assert mail_catcher.letters() == []


def test_the_pages_show_list_text_html_headers_and_attachment(
    mail_catcher: MailCatcher, client: Client
) -> None:
    send_one()
    key = mail_catcher.letters()[0].key

    assert "Something is due – please look" in client.get("/mail-catcher/").content.decode()
    page = client.get(f"/mail-catcher/{key}/").content.decode()
    for part in ("practice@demo.example", "Message-ID", "due.ics", "<iframe sandbox=", "Look here:"):
        assert part in page
    assert b"VCALENDAR" in client.get(f"/mail-catcher/{key}/attachments/0/").content
    assert b"Subject:" in client.get(f"/mail-catcher/{key}/raw/").content


def test_a_letters_own_html_cannot_run_or_fetch_anything(mail_catcher: MailCatcher, client: Client) -> None:
    send_one()

    answer = client.get(f"/mail-catcher/{mail_catcher.letters()[0].key}/html/")

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'none'" in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("key", ["../../etc/passwd", "1", "0" * 20])
@pytest.mark.usefixtures("mail_catcher")
def test_a_letter_that_is_not_there_is_not_found(client: Client, key: str) -> None:
    assert client.get(f"/mail-catcher/{key}/").status_code == 404


@pytest.mark.usefixtures("mail_catcher")
def test_an_empty_folder_says_what_to_wait_for(client: Client) -> None:
    assert b"No letter yet" in client.get("/mail-catcher/").content


@pytest.mark.usefixtures("mail_catcher")
def test_in_a_trial_the_pages_ask_for_a_log_in(client: Client, settings: Settings) -> None:
    settings.DEBUG = False

    assert client.get("/mail-catcher/").headers["Location"].startswith("/admin/login/")


@pytest.mark.usefixtures("mail_catcher")
def test_the_check_before_going_live_says_that_letters_are_caught(settings: Settings) -> None:
    assert [warning.id for warning in letters_leave_the_house()] == ["ispath.W001"]

    settings.MAIL_CATCHER_FOLDER = ""

    assert letters_leave_the_house() == []


@pytest.mark.urls("ispath.urls")
def test_in_production_the_pages_do_not_exist() -> None:
    with pytest.raises(Resolver404):
        resolve("/mail-catcher/")

"""The pages of a demo clinic worth a look: where they are, found through the pages themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

PASSWORD = "demo-ispath"
WIDTHS = (1440, 390)


def log_in(page: Page, base: str, user: str = "nurse@demo.example", password: str = PASSWORD) -> None:
    """Log in at the front door."""
    page.goto(f"{base}/admin/login/")
    page.fill("#id_username", user)
    page.fill("#id_password", password)
    page.click("#login-form button[type=submit]")
    page.wait_for_url(f"{base}/admin/")


def first_link(page: Page, address: str, selector: str) -> str:
    """The address of the first link of a page that a selector names, or nothing."""
    page.goto(address)
    link = page.locator(selector).first
    return str(link.get_attribute("href") or "") if link.count() else ""


def stops(page: Page, base: str) -> Iterator[tuple[str, str]]:
    """Every page by name and address; those of a child who is on treatment and has an escalation open."""
    admin = f"{base}/admin"
    escalation = first_link(page, f"{admin}/escalations/", "ol.work .actions a")
    escalated = first_link(page, f"{admin}/escalations/", "ol.work a.who")
    referral = first_link(page, f"{admin}/referrals/", "table.sheet .btn, table.sheet td a.btn")
    treated = treated_child(page, admin) or escalated
    check = first_link(page, f"{admin}/", "section.band.overdue [data-do=waive]")
    course = first_link(page, f"{base}{treated}", 'a[href$="/stop/"]')
    edition = first_link(page, f"{admin}/editions/protocols/", "th a")
    pathway = first_link(page, f"{admin}/editions/pathways/", "th a")
    draft = first_link(page, f"{admin}/editions/protocols/", 'tr:has-text("draft") a')
    yield from (
        ("today", f"{admin}/"),
        ("today-paper", f"{admin}/today/paper/"),
        ("children", f"{admin}/children/"),
        ("child", f"{base}{treated}"),
        ("record-blood-pressure", f"{base}{treated}record/blood-pressure/"),
        ("record-eeg", f"{base}{treated}record/eeg/"),
        ("record-spasm-report", f"{base}{treated}record/spasm-report/"),
        ("record-weight", f"{base}{treated}record/weight/"),
        ("course-choose", f"{base}{treated}courses/start/"),
        ("course-plan", f"{base}{treated}courses/start/vigabatrin-us-label/"),
        ("course-stop", f"{base}{course}"),
        ("check-called", f"{base}{check.replace('/waive/', '/called/')}"),
        ("check-waive", f"{base}{check}"),
        ("check-why", f"{base}{check.replace('/waive/', '/why/')}"),
        ("team", f"{base}{treated}team/"),
        ("transfer", f"{base}{treated}enrolment/transfer/"),
        ("enrol", f"{admin}/children/enrol/"),
        ("phone", f"{admin}/phone/?q=900"),
        ("escalations", f"{admin}/escalations/"),
        ("escalation", f"{base}{escalation}"),
        ("referrals", f"{admin}/referrals/"),
        ("referral", f"{base}{referral}"),
        ("referral-paper", f"{base}{referral}paper/"),
        ("protocols", f"{admin}/editions/protocols/"),
        ("edition", f"{base}{edition}"),
        ("edition-difference", f"{base}{draft}difference/"),
        ("pathway", f"{base}{pathway}"),
        ("child-calendar", f"{base}{treated}#calendar"),
        ("set-up", f"{admin}/set-up/"),
        ("rows", f"{admin}/rows/"),
        ("rows-checks", f"{admin}/clinic/check/"),
    )


def treated_child(page: Page, admin: str) -> str:
    """A child on prednisolone, found in the list of children."""
    return first_link(page, f"{admin}/children/?state=active", 'tr:has-text("prednisolone") th a')

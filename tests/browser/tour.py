"""The pages of a clinic worth a look: where they are, found through the pages themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

PASSWORD = "demo-ispath"
WIDTHS = (1440, 390)
RECORDS = (
    "blood-pressure",
    "weight",
    "length",
    "glucose",
    "electrolytes",
    "stool",
    "eeg",
    "vision-exam",
    "spasm-report",
    "symptom",
    "exposure",
    "vaccine",
    "call",
    "finding",
    "investigation",
    "therapy",
    "decision",
)
COURSE_ACTS = ("missed", "dispensed", "taught", "weight", "hold", "stop")


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
    """Every page by name and address; what this clinic has no example of is left out."""
    admin = f"{base}/admin"
    treated = treated_child(page, admin)
    found = {
        **fixed(),
        **of_a_child(page, base, treated),
        **of_the_work(page, admin),
        **of_the_editions(page, base),
    }
    yield from ((name, f"{base}{path}") for name, path in found.items() if path)


def fixed() -> dict[str, str]:
    """Pages with an address of their own."""
    return {
        "today": "/admin/",
        "today-paper": "/admin/today/paper/",
        "children": "/admin/children/",
        "enrol": "/admin/children/enrol/",
        "phone": "/admin/phone/?q=900",
        "escalations": "/admin/escalations/",
        "referrals": "/admin/referrals/",
        "letters": "/admin/letters/?state=sent",
        "letters-undelivered": "/admin/letters/",
        "transfers": "/admin/transfers/",
        "protocols": "/admin/editions/protocols/",
        "set-up": "/admin/set-up/",
        "rows": "/admin/rows/",
        "rows-checks": "/admin/clinic/check/",
    }


def of_a_child(page: Page, base: str, child: str) -> dict[str, str]:
    """The pages below one child."""
    if not child:
        return {}
    home = f"{base}{child}"
    stop = first_link(page, home, 'a[href$="/stop/"]')
    second = first_link(page, f"{home}merge/", '#m-alike + ul a, a:has-text("Compare")')
    return {
        "child": child,
        "child-calendar": f"{child}#calendar",
        **{f"record-{kind}": f"{child}record/{kind}/" for kind in RECORDS},
        "correct": first_link(page, home, 'a[href$="/correct/"]'),
        "right-child": first_link(page, home, 'a[href$="/move/"]'),
        "course-choose": f"{child}courses/start/",
        "course-plan": f"{child}courses/start/vigabatrin-us-label/",
        **{f"course-{act}": stop.replace("/stop/", f"/{act}/") for act in COURSE_ACTS},
        "course-dose": stop.replace("/stop/", "/dose/"),
        "family-paper": stop.replace("/stop/", "/paper/"),
        "child-details": f"{child}details/",
        "team": f"{child}team/",
        "prior": f"{child}prior/",
        "family-told": first_link(page, home, 'a[href*="/told/"]'),
        "leaving": f"{child}enrolment/",
        "transfer": f"{child}enrolment/transfer/",
        "merge": f"{child}merge/",
        "merge-two": second or first_link(page, f"{home}merge/?q=900", 'a:has-text("Compare")'),
    }


def of_the_work(page: Page, admin: str) -> dict[str, str]:
    """What is asked of somebody: a check, a work item, an escalation, a referral, an offered child."""
    waive = first_link(page, f"{admin}/", "[data-do=waive]")
    referral = first_link(page, f"{admin}/referrals/", "table.sheet .btn, table.sheet td a.btn")
    acts = ("called", "waive", "assign", "why")
    return {
        **{f"check-{act}": waive.replace("/waive/", f"/{act}/") for act in acts},
        "item": first_link(page, f"{admin}/", 'a[href*="/admin/items/"]'),
        "escalation": first_link(page, f"{admin}/escalations/", "ol.work .actions a"),
        "referral": referral,
        "referral-paper": f"{referral}paper/" if referral else "",
        "transfer-offer": first_link(page, f"{admin}/transfers/", 'a:has-text("Accept or decline")'),
        "course-check": draft_to_check(page, admin),
    }


def of_the_editions(page: Page, base: str) -> dict[str, str]:
    """What the protocols say, and what a new edition would change."""
    protocols = f"{base}/admin/editions/protocols/"
    newest = first_link(
        page, protocols, 'tr:has-text("draft") a, tr:has-text("1.1") a, tr:has-text("Edition 2") a'
    )
    is_draft = first_link(page, protocols, 'tr:has-text("draft") a')
    return {
        "edition": first_link(page, protocols, "th a"),
        "pathway": first_link(page, f"{base}/admin/editions/pathways/", "th a"),
        "edition-difference": f"{newest}difference/" if newest else "",
        "edition-moves": f"{newest}moves/" if newest else "",
        "edition-draft": is_draft,
        "edition-row": first_link(page, f"{base}{is_draft}", 'main a[href*="/rows/"]') if is_draft else "",
        "course-move": first_link(page, f"{base}{newest}moves/", 'a:has-text("Accept for this child")')
        if newest
        else "",
    }


def treated_child(page: Page, admin: str) -> str:
    """A child on prednisolone, found in the list of children."""
    return first_link(page, f"{admin}/children/?state=active", 'tr:has-text("prednisolone") th a')


def draft_to_check(page: Page, admin: str) -> str:
    """The calendar that waits for a second person, if any child has one on its page."""
    item = first_link(page, f"{admin}/", 'li:has-text("second person checks") a.who')
    return first_link(page, f"{admin.removesuffix('/admin')}{item}", 'a[href$="/check/"]') if item else ""

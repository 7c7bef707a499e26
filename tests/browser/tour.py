"""The pages of a clinic worth a look: where they are, found through the pages themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from clinic.seeding.people import TWIN_NUMBER

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
LEAD, PATHWAY, PHARMACIST = (f"{name}@demo.example" for name in ("lead", "pathway", "pharmacist"))
USERS = (LEAD, PATHWAY, PHARMACIST)
# Who looks at a page that is not the clinic lead's.
SEEN_BY = {
    "course-check": PHARMACIST,
    "course-dose": PHARMACIST,
    "course-move": PATHWAY,
    "edition-draft": PATHWAY,
    "edition-row": PATHWAY,
}
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


def stops(page: Page, base: str, user: str) -> Iterator[tuple[str, str]]:
    """Every page of the seeded clinic that one person is to look at, by name and address.

    A page that the clinic has no example of is a fault of the seed: it is named, never left out.
    """
    admin = f"{base}/admin"
    found = {
        **fixed(),
        **of_a_child(page, base, treated_child(page, admin)),
        **of_two_children(page, base),
        **of_the_work(page, base),
        **of_the_editions(page, base),
    }
    mine = {name: path for name, path in found.items() if SEEN_BY.get(name, LEAD) == user}
    if missing := sorted(name for name, path in mine.items() if not path):
        raise LookupError(f"{user} finds no example of {', '.join(missing)} in this clinic.")
    yield from ((name, f"{base}{path}") for name, path in mine.items())


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
        "transfers": "/admin/transfers/",
        "protocols": "/admin/editions/protocols/",
        "set-up": "/admin/set-up/",
        "rows": "/admin/rows/",
        "rows-checks": "/admin/clinic/check/",
    }


def of_a_child(page: Page, base: str, child: str) -> dict[str, str]:
    """The pages below one child."""
    home = f"{base}{child}"
    stop = first_link(page, home, 'a[href$="/stop/"]')
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
    }


def of_two_children(page: Page, base: str) -> dict[str, str]:
    """A child that could be taken for another, and both records side by side."""
    twin = first_link(page, f"{base}/admin/phone/?q={TWIN_NUMBER}", "article h2 a")
    return {
        "child-alike": twin,
        "merge": f"{twin}merge/" if twin else "",
        "merge-two": first_link(page, f"{base}{twin}merge/", "#m-alike + ul a") if twin else "",
    }


def of_the_work(page: Page, base: str) -> dict[str, str]:
    """What is asked of somebody: a check, an item, a draft, an escalation, a referral, an offered child."""
    admin = f"{base}/admin"
    waive = first_link(page, f"{admin}/", "[data-do=waive]")
    referral = first_link(page, f"{admin}/referrals/", "table.sheet .btn, table.sheet td a.btn")
    acts = ("called", "waive", "assign", "why")
    return {
        **{f"check-{act}": waive.replace("/waive/", f"/{act}/") for act in acts},
        "item": first_link(page, f"{admin}/", 'a[href*="/admin/items/"]'),
        "course-check": first_link(page, f"{admin}/", 'li:has-text("second person checks") [data-do=record]'),
        "course-decide": first_link(page, f"{admin}/", '[data-do=record][href$="/decide/"]'),
        "escalation": first_link(page, f"{admin}/escalations/", "ol.work .actions a"),
        "referral": referral,
        "referral-paper": f"{referral}paper/" if referral else "",
        "transfer-offer": first_link(page, f"{admin}/transfers/", 'a:has-text("Accept or decline")'),
        "letters-undelivered": first_link(page, f"{admin}/letters/", 'a:has-text("Another address")')
        and "/admin/letters/",
    }


def of_the_editions(page: Page, base: str) -> dict[str, str]:
    """What the protocols say, and what a new edition would change."""
    protocols = f"{base}/admin/editions/protocols/"
    newer = first_link(page, protocols, 'tr:has-text("no dose differs") a')
    draft = first_link(page, protocols, 'tr:has-text("draft") a')
    return {
        "edition": first_link(page, protocols, "th a"),
        "pathway": first_link(page, f"{base}/admin/editions/pathways/", "th a"),
        "edition-difference": f"{draft}difference/" if draft else "",
        "edition-moves": f"{newer}moves/" if newer else "",
        "edition-draft": draft,
        "edition-row": first_link(page, f"{base}{draft}", 'main a[href*="/rows/"]') if draft else "",
        "course-move": first_link(page, f"{base}{newer}moves/", 'a:has-text("Accept for this child")')
        if newer
        else "",
    }


def treated_child(page: Page, admin: str) -> str:
    """A child on prednisolone, found in the list of children."""
    return first_link(page, f"{admin}/children/?state=active", 'tr:has-text("prednisolone") th a')

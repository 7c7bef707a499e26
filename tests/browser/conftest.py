"""A real Chromium against the running site. Without one on the machine these tests say so and are skipped."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from clinic.models import Actor, CoverShift
from tests.browser.tour import log_in
from tests.factories import protocols as library
from tests.factories import ward as wards
from tests.factories.ward import Ward

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PASSWORD = "a password for the browser"

# The driver of the browser runs an event loop in this thread; the ORM is still used from this thread only.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all stories."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with sync_playwright() as driver:
        expect.set_options(timeout=30_000)
        started = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def today() -> dt.date:
    """The day it is at the clinic: a browser's clock is real, so the stories begin some days ago."""
    return dt.datetime.now(dt.UTC).date()


@pytest.fixture
def ward(transactional_db: None, monkeypatch: pytest.MonkeyPatch, today: dt.date) -> Ward:
    """The clinic of these stories, at work since half a year."""
    long_ago = dt.datetime.combine(today - dt.timedelta(days=200), dt.time(9), tzinfo=dt.UTC)
    monkeypatch.setattr(library, "NOW", long_ago)
    for function in (library.in_force, library.signed):
        names = function.__kwdefaults__ or {}
        defaults = {name: long_ago.date() if name == "on" else long_ago for name in names}
        monkeypatch.setattr(function, "__kwdefaults__", defaults)
    monkeypatch.setattr(wards, "START", long_ago.date())
    staff = wards.ward()
    staff.clinic.adoptions.update(from_on=long_ago.date())
    return staff


@pytest.fixture
def covered(ward: Ward) -> CoverShift:
    """Somebody answers now."""
    now = dt.datetime.now(dt.UTC)
    stamps = {"created_by": ward.lead, "created_at": now, "changed_by": ward.lead, "changed_at": now}
    day = dt.timedelta(days=1)
    return CoverShift.objects.create(
        clinic=ward.clinic,
        starts_at=now - day,
        ends_at=now + day,
        name="Dr Cover",
        phone="+1 555 0199",
        **stamps,
    )


Desk = Callable[..., Page]


@pytest.fixture
def desk(browser: Browser, live_server: object) -> Iterator[Desk]:
    """Open a browser window in which somebody is logged in."""
    windows = []

    def at(actor: Actor, *, width: int = 1440) -> Page:
        user = actor.user
        assert user is not None
        user.is_staff = True
        user.set_password(PASSWORD)
        user.save()
        window = browser.new_context(viewport={"width": width, "height": 900}, base_url=str(live_server))
        windows.append(window)
        page = window.new_page()
        page.set_default_timeout(60_000)
        log_in(page, str(live_server), user.username, PASSWORD)
        return page

    yield at
    for window in windows:
        window.close()

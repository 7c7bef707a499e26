"""Pictures of every page at both widths, of a demo clinic that runs.

    make run                                                   # in one terminal
    .venv/bin/python -m tests.browser.screenshots              # in another; PORT as for make run
    .venv/bin/python -m tests.browser.screenshots letters      # only the letters and the pages behind them

They go to docs/screenshots/, the letters to docs/letters/, small enough to keep: at most one screen and a
half high, 128 colours.
"""

from __future__ import annotations

import os
import shutil
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.letter_pictures import every_letter, letter_pages
from tests.browser.tour import USERS, WIDTHS, log_in, stops

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
FOLDER, LETTERS = DOCS / "screenshots", DOCS / "letters"
HIGHEST = 1500
COLOURS = 128
WIDE = 1440


def shrunk(picture: bytes, width: int) -> Image.Image:
    """Cut a page to what one looks at, and its colours to what one sees."""
    image = Image.open(BytesIO(picture)).convert("RGB")
    image = image.crop((0, 0, image.width, min(image.height, HIGHEST)))
    if width == WIDE:
        image = image.resize((image.width * 3 // 4, image.height * 3 // 4), Image.Resampling.LANCZOS)
    # the coverage of colours, not their share of the page: an amber line must not turn red
    return image.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE)


def look(page: Page) -> None:
    """Let a page settle."""
    page.wait_for_timeout(400)


def choose_product(page: Page) -> None:
    """Choose a strength, so that the calendar appears beside the form."""
    page.locator("[name^=product_]").first.check()
    page.wait_for_selector("#plan-preview table")


def type_high_reading(page: Page) -> None:
    """Type a high reading, so that the form says what it means."""
    page.fill("[name=systolic]", "118")
    page.press("[name=systolic]", "Tab")
    page.wait_for_selector("#meaning .meaning")


FILLED = {"course-plan": choose_product, "record-blood-pressure": type_high_reading}


def take(page: Page, name: str, address: str, width: int) -> None:
    """Take one picture."""
    page.goto(address)
    FILLED.get(name, look)(page)
    part = address.partition("#")[2]
    picture = page.locator(f"#{part}").screenshot() if part else page.screenshot(full_page=True)
    shrunk(picture, width).save(FOLDER / f"{name}-{width}.png", optimize=True)


def take_letters(browser: Browser, base: str) -> None:
    """Every letter, and the pages behind the link of one."""
    LETTERS.mkdir(parents=True, exist_ok=True)
    for name, width, picture in every_letter(browser, base):
        shrunk(picture, width).save(LETTERS / f"{name}-{width}.png", optimize=True)
    letter_pages(
        browser,
        base,
        lambda name, shot, width: shrunk(shot, width).save(FOLDER / f"{name}-{width}.png", optimize=True),
    )


def take_pages(browser: Browser, base: str) -> None:
    """Every page of the tour at both widths."""
    for width in WIDTHS:
        page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
        page.set_default_timeout(90_000)
        page.goto(f"{base}/admin/login/")
        shrunk(page.screenshot(), width).save(FOLDER / f"log-in-{width}.png", optimize=True)
        page.close()
        walk(browser, base, width)


def walk(browser: Browser, base: str, width: int) -> None:
    """Take each page as the person sees it whose it is."""
    for user in USERS:
        page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
        page.set_default_timeout(90_000)
        log_in(page, base, user)
        for name, address in list(stops(page, base, user)):
            take(page, name, address, width)
        page.close()


def main(base: str, *, letters_only: bool) -> int:
    """Take all pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.stderr.write("There is no Chromium on this machine: apt-get install chromium\n")
        return 1
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        if not letters_only:
            take_pages(browser, base)
        take_letters(browser, base)
        browser.close()
    return 0


if __name__ == "__main__":
    port = os.environ.get("PORT", "8000")
    sys.exit(main(f"http://127.0.0.1:{port}", letters_only="letters" in sys.argv[1:]))

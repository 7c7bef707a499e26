"""Pictures of every letter, as text and as HTML, and of the pages behind the link of a caught one."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# A letter beside itself: each half as wide as a window of a mail program, or as a phone.
HALVES = {1440: 720, 390: 390}
ASKED = re.compile(
    r"a blood pressure check[^\n]*\n(?:\s+Reference[^\n]*\n)?\s*(?:Answer: )?(\S+/letters/\S+?/)\s"
)
CODE = re.compile(r"\b(\d{6})\b")
Save = Callable[[str, bytes, int], None]


def every_letter(browser: Browser, base: str) -> Iterator[tuple[str, int, bytes]]:
    """Each letter by name and width: plain text on the left, HTML on the right."""
    for width, half in HALVES.items():
        page = browser.new_context(viewport={"width": half, "height": 400}).new_page()
        page.goto(f"{base}/letter-examples/")
        shown = {
            str(head.get_attribute("id")): (head.inner_text(), head.locator("+ pre").inner_text())
            for head in page.locator("h2[id]").all()
        }
        for name, (subject, text) in shown.items():
            page.set_content(as_text(subject.partition(": ")[2], text))
            left = page.screenshot(full_page=True)
            page.goto(f"{base}/letter-examples/{name}/")
            yield name, width, beside(left, page.screenshot(full_page=True))


def as_text(subject: str, text: str) -> str:
    """A letter as a text-only program shows it."""
    style = "font:14px/1.45 monospace;white-space:pre-wrap;overflow-wrap:anywhere;margin:0;padding:24px 16px"
    said = f"<b>Subject: {html.escape(subject)}</b>\n\n{html.escape(text)}"
    return f'<html lang="en"><body style="margin:0"><pre style="{style}">{said}</pre></body></html>'


def beside(left: bytes, right: bytes) -> bytes:
    """Two pictures as one."""
    one, other = (Image.open(BytesIO(picture)).convert("RGB") for picture in (left, right))
    both = Image.new("RGB", (one.width + other.width, max(one.height, other.height)), "#ffffff")
    both.paste(one, (0, 0))
    both.paste(other, (one.width, 0))
    kept = BytesIO()
    both.save(kept, "PNG")
    return kept.getvalue()


def letter_pages(browser: Browser, base: str, save: Save) -> None:
    """The pages behind the links of two caught letters, one at each width. They are answered, as in life."""
    page = browser.new_context().new_page()
    links = list(asked_links(page, base))
    for (width, height), link in zip(((1440, 900), (390, 844)), links, strict=False):
        window = browser.new_context(viewport={"width": width, "height": height}).new_page()
        walk(window, base, link, partial(at_width, save, width))


def at_width(save: Save, width: int, name: str, picture: bytes) -> None:
    """Keep a picture under the width it was taken at."""
    save(name, picture, width)


def asked_links(page: Page, base: str) -> Iterator[str]:
    """The links of caught letters that ask for a blood pressure and are not answered yet."""
    page.goto(f"{base}/mail-catcher/")
    letters = [str(link.get_attribute("href")) for link in page.locator("a[href*='/mail-catcher/0']").all()]
    for letter in letters:
        page.goto(f"{base}{letter}")
        for link in ASKED.findall(page.locator("pre.text").inner_text()):
            page.goto(link)
            open_still = page.get_by_role("button", name="Send the answer").count()
            if open_still and page.get_by_role("heading", name="You have measured it?").count():
                yield link


def walk(page: Page, base: str, link: str, save: Callable[[str, bytes], None]) -> None:
    """From the letter to the recorded reading, with a look at each page on the way."""

    def take(name: str) -> None:
        save(name, page.screenshot(full_page=True))

    page.goto(link)
    take("letter-page")
    page.get_by_label("It is booked").check()
    page.get_by_role("button", name="Send the answer").click()
    take("letter-page-unclear")
    page.goto(f"{link}stop/")
    take("letter-stop")
    page.goto(f"{base}/letters/{'A' * 43}/")
    take("letter-not-valid")
    before = codes(page, base)
    page.goto(link)
    page.get_by_role("button", name="Send me a code").click()
    take("letter-code")
    here = page.url
    code = newest_code(page, base, before)
    page.goto(here)
    page.get_by_label("One-time code").fill(code)
    page.get_by_role("button", name="Go on").click()
    take("letter-reading")
    page.get_by_label("Measured on").fill(dt.datetime.now(dt.UTC).date().isoformat())
    page.get_by_label("Upper value").fill("124")
    page.get_by_label("Lower value").fill("82")
    page.get_by_label("The child was").select_option(index=1)
    page.get_by_role("button", name="Record the reading").click()
    page.wait_for_selector("text=The reading is recorded")
    take("letter-recorded")
    page.goto(link)
    take("letter-answered")


def codes(page: Page, base: str) -> int:
    """How many one-time codes have been caught."""
    page.goto(f"{base}/mail-catcher/")
    return page.locator("a", has_text="Your one-time code").count()


def newest_code(page: Page, base: str, before: int) -> str:
    """The one-time code, once it has been caught."""
    for _ in range(120):
        if codes(page, base) > before:
            page.locator("a", has_text="Your one-time code").first.click()
            return str(CODE.findall(page.locator("pre.text").inner_text())[0])
        page.wait_for_timeout(1000)
    raise TimeoutError("the code was not caught")

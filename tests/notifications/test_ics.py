"""A moved check moves in the calendar, a cancelled one disappears."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from notifications.ics import CalendarDate, calendar


def entry(**more: object) -> CalendarDate:
    """One plain date."""
    plain: dict[str, object] = {
        "check_uid": UUID(int=7),
        "sequence": 0,
        "on": date(2027, 1, 4),
        "title": "A check for the clinic is due",
        "text": "Due: a blood pressure check; call, if unsure.\nThank you.",
        "link": "https://ispath.test/letters/" + "x" * 43 + "/",
        "organizer": "ispath@demo.example",
        "attendee": "doctor@demo.example",
        "written_at": datetime(2027, 1, 4, 15, tzinfo=UTC),
    }
    return CalendarDate(**plain | more)  # type: ignore[arg-type]


def unfolded(text: str) -> list[str]:
    """The lines as a calendar reads them."""
    return text.replace("\r\n ", "").split("\r\n")


def test_a_date_is_a_whole_day_without_a_zone_so_that_no_clock_moves_it() -> None:
    lines = unfolded(calendar(entry(), domain="demo.example"))

    assert "DTSTART;VALUE=DATE:20270104" in lines
    assert "DTEND;VALUE=DATE:20270105" in lines
    assert "METHOD:REQUEST" in lines
    assert not any("TZID" in line for line in lines)


def test_a_moved_check_keeps_its_id_and_counts_up() -> None:
    first = unfolded(calendar(entry(), domain="demo.example"))
    moved = unfolded(calendar(entry(on=date(2027, 1, 9), sequence=1), domain="demo.example"))

    uid = f"UID:{UUID(int=7)}@demo.example"
    assert uid in first
    assert uid in moved
    assert "SEQUENCE:0" in first
    assert "SEQUENCE:1" in moved


def test_a_cancelled_check_is_taken_out() -> None:
    lines = unfolded(calendar(entry(cancelled=True, sequence=2), domain="demo.example"))

    assert "METHOD:CANCEL" in lines
    assert "STATUS:CANCELLED" in lines


def test_lines_are_folded_at_75_octets_and_text_is_escaped() -> None:
    text = calendar(entry(text="ä" * 90 + ", and; more"), domain="demo.example")

    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert any(line.endswith("\\, and\\; more") for line in unfolded(text))

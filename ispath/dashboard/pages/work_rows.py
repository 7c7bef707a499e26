"""The lines of the worklist as HTML, built by hand: a thousand of them must not make the nurse wait."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from ispath.dashboard import words
from ispath.dashboard.templatetags.ward import URGENCY_TONES, badge

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ispath.dashboard.desk import Desk
    from ispath.dashboard.reading.today import WorkRow

_NOBODY = UUID(int=0)


def _pattern(name: str, *more: str) -> str:
    """Reverse an address once, with a hole for the id."""
    return reverse(f"admin:{name}", args=[_NOBODY, *more]).replace(str(_NOBODY), "{}")


class RowWriter:
    """Writes rows; knows the addresses and what this person may do."""

    def __init__(self, desk: Desk) -> None:
        self.today = desk.today
        self.child = _pattern("child")
        self.record = {}  # type: dict[str, str]
        self.acts = {name: _pattern(f"check-{name}") for name in ("called", "waive", "assign", "why")}
        self.may_waive = desk.may("clinic.waive_check")

    def write(self, rows: Iterable[WorkRow]) -> SafeString:
        """Write the lines of one band."""
        return mark_safe("".join(self._row(row) for row in rows))  # noqa: S308 - each part is escaped below

    def _row(self, row: WorkRow) -> str:
        return (
            f'<li data-row id="{row.subject}-{row.uid}"><div class="when">{self._when(row)}</div>'
            f"<div>{self._who(row)}{self._what(row)}</div>"
            f'<div class="actions">{self._actions(row)}</div></li>'
        )

    def _when(self, row: WorkRow) -> str:
        due = words.near_day(row.due_on, self.today)
        if row.band == "overdue":
            said = f"<b>{words.late(row.days_late)}</b><span>was due {due}</span>"
        elif row.days_late == 0:
            said = "<b>Due today</b>"
        elif row.days_late > 0:
            said = f"<b>Window open</b><span>was due {due}</span>"
        else:
            said = f"<b>{due}</b><span>{words.distance(row.due_on, self.today)}</span>"
        return said + self._window(row)

    def _window(self, row: WorkRow) -> str:
        """Write the window; a check that one day alone satisfies has none to tell."""
        if row.opens_on is None or row.opens_on == row.closes_on:
            return ""
        opens = words.near_day(row.opens_on, self.today)
        closes = words.near_day(row.closes_on, self.today) if row.closes_on else ""
        return f"<span>window {opens} to {closes}</span>" if closes else f"<span>window from {opens}</span>"

    def _who(self, row: WorkRow) -> str:
        tone = URGENCY_TONES.get(row.urgency, "info")
        mark = f" {badge(row.urgency_word, tone)}" if row.urgency else ""
        if row.child is None:
            return f'<span class="who">{escape(row.name)}</span>{mark}'
        return f'<a class="who" href="{self.child.format(row.child)}">{escape(row.name)}</a>{mark}'

    def _what(self, row: WorkRow) -> str:
        mine = f" Assigned to {escape(row.assigned)}." if row.assigned else ""
        said = words.without_its_name(row.why, row.what)
        why = f'<p class="why">{escape(said)}</p>' if said else ""
        last = " ".join(part for part in (row.called, row.letter) if part)
        tail = f'<p class="last">Who: {escape(row.who)}.{mine} {escape(last)}</p>'
        return f'<p class="what">{escape(row.what)}</p>{why}{tail}'

    def _actions(self, row: WorkRow) -> str:
        if row.subject == "item":
            return _open(row.answered_at, row)
        parts = [self._record(row)]
        parts.append(
            f'<a class="btn small" data-do="called" href="{self._act("called", row)}">Called{_of(row)}</a>'
        )
        if self.may_waive:
            parts.append(
                f'<a class="btn small" data-do="waive" href="{self._act("waive", row)}">Waive{_of(row)}</a>'
            )
        parts.append(f'<a class="btn small quiet" href="{self._act("assign", row)}">Assign{_of(row)}</a>')
        parts.append(self._why(row))
        return "".join(parts)

    def _why(self, row: WorkRow) -> str:
        """Write the way to the whole reason; pointed at or reached with the keyboard it shows the source."""
        link = self._act("why", row)
        if not row.source:
            return f'<a class="btn small quiet" href="{link}">Why?{_of(row)}</a>'
        key = f"source-{row.uid}"
        return (
            f'<span class="src bare"><a class="btn small quiet" href="{link}" aria-describedby="{key}">Why?'
            f'{_of(row)}</a><span role="tooltip" id="{key}">{escape(row.source)}</span></span>'
        )

    def _act(self, name: str, row: WorkRow) -> str:
        return self.acts[name].format(row.uid)

    def _record(self, row: WorkRow) -> str:
        if row.child is None:
            return ""
        if not row.record:
            return _open(row.answered_at or f"{self.child.format(row.child)}#now", row)
        if row.record not in self.record:
            self.record[row.record] = _pattern("record", row.record)
        link = self.record[row.record].format(row.child)
        return f'<a class="btn small main" data-do="record" href="{link}">Record{_of(row)}</a>'


def _open(link: str, row: WorkRow) -> str:
    return f'<a class="btn small main" data-do="record" href="{link}">Open{_of(row)}</a>'


def _of(row: WorkRow) -> str:
    return f'<span class="sr-only"> {escape(row.what)}, {escape(row.name)}</span>'

"""Today: the front page. What to do, for whom, why, one click to record it; as a page, a file, on paper."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.urls import reverse

from ispath.dashboard.desk import page, render
from ispath.dashboard.pages.work_rows import RowWriter
from ispath.dashboard.reading.escalations import escalation_lines
from ispath.dashboard.reading.names import AT_ONCE, OBSERVES, URGENCY_WORDS
from ispath.dashboard.reading.staleness import offered_notices, stale_notices
from ispath.dashboard.reading.today import BANDS, Filters, open_escalations, tallies, worklist

if TYPE_CHECKING:
    from django.http import HttpRequest

    from clinic.models import Escalation
    from ispath.dashboard.desk import Desk
    from ispath.dashboard.reading.today import WorkRow

FIRST_ESCALATIONS = 6
_EMPTY = {
    "overdue": "Nothing is overdue.",
    "today": "Nothing more is due today.",
    "week": "Nothing else is due in the next seven days.",
}


def _filters(request: HttpRequest) -> Filters:
    asked = request.GET
    return Filters(
        mine=asked.get("mine") == "1",
        drug=asked.get("drug", ""),
        kind=asked.get("kind", ""),
        urgency=asked.get("urgency", ""),
    )


def _options(rows: dict[str, list[WorkRow]], filters: Filters) -> dict[str, Any]:
    every = [row for band in rows.values() for row in band]
    kinds = {row.code: row.what for row in every}
    drugs = sorted({drug for row in every for drug in row.drugs} | ({filters.drug} - {""}))
    return {
        "kinds": sorted(kinds.items(), key=lambda kind: kind[1]),
        "drugs": drugs,
        "urgencies": [
            (key, word) for key, word in URGENCY_WORDS.items() if any(row.urgency == key for row in every)
        ],
    }


def first_of(escalations: list[Escalation]) -> list[Escalation]:
    """Return those that stand above the list: all that cannot wait, and a few more; the queue has all."""
    at_once = [row for row in escalations if row.urgency in AT_ONCE]
    return escalations[: max(FIRST_ESCALATIONS, len(at_once))]


def _context(request: HttpRequest, desk: Desk) -> dict[str, Any]:
    filters = _filters(request)
    rows = worklist(desk, filters)
    escalations = open_escalations(desk)
    writer = RowWriter(desk)
    first = first_of(escalations)
    return {
        "title": "Today",
        "filters": filters,
        "bands": [(band, name, rows[band], _EMPTY[band], writer.write(rows[band])) for band, name in BANDS],
        "escalations": escalation_lines(escalations),
        "first_escalations": escalation_lines(first),
        "more_escalations": len(escalations) - len(first),
        "tallies": tallies(desk, escalations),
        "notices": stale_notices(desk),
        "offers": offered_notices(desk),
        "options": _options(rows, filters),
        "query": request.GET.urlencode(),
        "total": sum(len(band) for band in rows.values()),
        "today": desk.today,
        "observes": OBSERVES,
    }


@page
def today_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show the worklist."""
    return render(request, "dashboard/today.html", _context(request, desk))


@page
def today_on_paper(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show the same list for a printer: one table, no script, nothing but the database behind it."""
    return render(request, "dashboard/today_paper.html", _context(request, desk))


@page
def today_file(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Give what is shown as a CSV file."""
    rows = worklist(desk, _filters(request))
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="today-{desk.today}.csv"'
    writer = csv.writer(answer)
    writer.writerow(
        [
            *("band", "child", "what", "opens", "due", "closes", "days late", "why", "who", "assigned"),
            *("last call", "last reminder", "link"),
        ]
    )
    for band, name in BANDS:
        for row in rows[band]:
            writer.writerow([name, *_cells(request, row)])
    return answer


def _cells(request: HttpRequest, row: WorkRow) -> list[str]:
    link = request.build_absolute_uri(reverse("admin:child", args=[row.child])) if row.child else ""
    late = str(row.days_late) if row.days_late > 0 else ""
    days = [str(on or "") for on in (row.opens_on, row.due_on, row.closes_on)]
    told = (row.why, row.who, row.assigned, row.called, row.letter)
    return [_safe(cell) for cell in (row.name, row.what, *days, late, *told, link)]


def _safe(cell: str) -> str:
    """Keep a spreadsheet from running a cell as a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t"} else cell

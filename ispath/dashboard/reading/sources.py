"""Where a number of the protocol comes from, and how sure that is, in words for the mark beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispath.dashboard.reading.chain import MARKS
from ispath.dashboard.words import humane
from protocols import reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from protocols.engine.citing import Cited
    from protocols.engine.dosing import CalendarDay
    from protocols.engine.pathway import Basis, PathwayEdition


def citations() -> Mapping[str, str]:
    """Return what the protocols' sources are, by key: one query, asked once for a page."""
    return {source.key: source.citation for source in reading.sources()}


def _sentence(mark: object, citation: str, about: str = "") -> str:
    sure = MARKS.get(str(mark), str(mark))
    read = f"{citation} ({sure})" if citation else sure[:1].upper() + sure[1:]
    return f"{read}{f', for the {about}' if about else ''}."


def basis_words(pathway: PathwayEdition, basis: Basis | None) -> str:
    """Write where a number of a pathway comes from."""
    if basis is None:
        return ""
    citations = {source.key: source.citation for source in pathway.sources}
    said = _sentence(basis.mark, citations.get(basis.source, basis.source))
    return f"{said} {humane(basis.note)}".strip()


def cited_words(cited: Iterable[Cited], citations: Mapping[str, str]) -> str:
    """Write where a row of a protocol comes from: each source with how sure it is."""
    said = (
        _sentence(one.mark, citations.get(one.source or "", one.source or ""), one.about) for one in cited
    )
    return " ".join(dict.fromkeys(said))


def day_words(day: CalendarDay, citations: Mapping[str, str]) -> str:
    """Write where the doses of a day come from; where a prescriber decides, those of either way."""
    doses = (dose for given in (day.doses, *day.either) for dose in given)
    steps = dict.fromkeys(dose.step for dose in doses)
    return cited_words((one for step in steps for one in step.cited), citations)

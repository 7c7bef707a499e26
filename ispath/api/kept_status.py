"""A child's status as it was last made, given again while nothing that it is made of has changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from rest_framework.renderers import JSONRenderer

from clinic.access import children_visible_to
from clinic.models import Actor, Enrolment, Patient
from clinic.prepared import AN_EHR, NUMBER, OTHER_WORD, WORD
from clinic.status import is_stale, moment, newest_enrolment, status_document
from clinic.statusmark import Marked
from ispath.smart.authentication import Caller
from ispath.wire.etags import tag_of_bytes
from ispath.wire.shelf import LastAnswers, Shelf

_CHILDREN = 2000  # some kilobytes each


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptStatus:
    """The document without the moment at which it was asked for; it holds for one day of the clinic."""

    enrolment: Enrolment | None
    today: date
    is_stale: bool
    body: bytes
    tag: str

    def holds(self, now: datetime) -> bool:
        """Whether time alone has changed nothing of it."""
        same_day = self.today == _today(self.enrolment, now)
        return same_day and self.is_stale == is_stale(self.enrolment, now)

    def written(self, now: datetime) -> bytes:
        """The document as it goes out."""
        return b'{"as_of":"%s",%s' % (moment(now).encode(), self.body)


_SHELF: Shelf[KeptStatus] = Shelf(_CHILDREN)
_LAST: LastAnswers[KeptStatus] = LastAnswers(_CHILDREN)
_BY_NUMBER = Marked(
    lambda: (
        children_visible_to(AN_EHR)
        .filter(identifiers__system=WORD, identifiers__value=OTHER_WORD)
        .values_list("pk", "replaced_by")
    ),
    {"actor": NUMBER, "system": WORD, "number": OTHER_WORD},
)


def status_by_number(*, system: str, number: str, caller: Caller, now: datetime) -> KeptStatus | None:
    """The status of the child with this record number, or None where the caller sees none."""
    asked = (caller.actor.pk, system, number)
    last = _LAST.get(asked, seen=caller.seen)
    if last is not None and last.holds(now):
        return last
    kept = _kept(system=system, number=number, actor=caller.actor, now=now)
    if kept is not None:
        _LAST.put(asked, kept, seen=caller.seen)
    return kept


def _kept(*, system: str, number: str, actor: Actor, now: datetime) -> KeptStatus | None:
    for marked in _BY_NUMBER.rows(actor=actor.pk, system=system, number=number):
        # The mark is read before the document: what is written in between belongs to the next mark.
        kept = _SHELF.get(marked)
        if kept is None or not kept.holds(now):
            kept = _made(marked[0], now)
            _SHELF.put(marked, kept)
        return kept
    return None


def _made(pk: int, now: datetime) -> KeptStatus:
    child = Patient.objects.select_related("replaced_by").get(pk=pk)
    enrolment = newest_enrolment(child.replaced_by or child)
    document: dict[str, Any] = status_document(child, now)
    del document["as_of"]
    body = JSONRenderer().render(document).removeprefix(b"{")
    return KeptStatus(
        enrolment=enrolment,
        today=_today(enrolment, now),
        is_stale=document["stale"],
        body=body,
        tag=tag_of_bytes(body),
    )


def _today(enrolment: Enrolment | None, now: datetime) -> date:
    return now.date() if enrolment is None else enrolment.clinic.local_date(now)

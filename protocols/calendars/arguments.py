"""What dose_calendar is asked, as course details; the impossible is refused, with what is allowed."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from protocols.arguments import OneLineParser
from protocols.calendars.reading import (
    a_choice,
    a_date,
    a_decision,
    a_hold,
    a_measurement,
    a_product,
    a_taper_day,
    a_verdict,
    once,
    only_products,
    reweighs,
)
from protocols.engine.course import CourseDetails, CourseImpossible
from protocols.engine.regimen import ProtocolEdition
from protocols.library_files.library import Library


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A protocol, a course on it, and how to print its calendar."""

    edition: ProtocolEdition
    details: CourseDetails
    output: str


def parser() -> argparse.ArgumentParser:
    """The options of dose_calendar, as agreed with those who call it."""
    options = OneLineParser(
        prog="manage.py dose_calendar",
        description="Print the dose calendar of one course on a protocol of the library. It writes nothing.",
        allow_abbrev=False,
    )
    add = options.add_argument
    add("protocol", metavar="PROTOCOL", help="key of a protocol, such as prednisolone-ukiss")
    add("--start", required=True, metavar="DATE", help="date of the first dose, YYYY-MM-DD: day 1")
    add("--weight-kg", metavar="W", help="dosing weight")
    add("--length-cm", metavar="L", help="length, where the dose goes by body surface")
    add("--product", action="append", default=[], metavar="[DRUG=]KEY", help="what is dispensed; repeatable")
    add("--choice", action="append", default=[], metavar="[DRUG.]NAME=VALUE", help="repeatable")
    add(
        "--escalate-from-day",
        action="append",
        default=[],
        metavar="[DRUG=]D",
        help="take the conditional step",
    )
    add("--responded", choices=("yes", "no"), help="the verdict the next part of the course depends on")
    add("--taper-from", metavar="DAY", help="treatment day (or date) on which a vigabatrin taper starts")
    add("--hold", action="append", default=[], metavar="FROM:TO", help="treatment days without the drug")
    add(
        "--reweigh",
        action="append",
        default=[],
        metavar="DAY:KG[:CM]",
        help="as if this weight were accepted",
    )
    add("--dob", metavar="DATE", help="date of birth: only adds warnings")
    add("--renal", action="store_true", help="renal impairment: only adds warnings")
    add("--format", choices=("table", "json"), default="table")
    return options


def asked(argv: Sequence[str], *, library: Library) -> Asked:
    """The words of a command line as a course. Raises CourseImpossible in one line."""
    words = parser().parse_args(argv)
    edition = library.editions.get(words.protocol)
    if edition is None:
        known = ", ".join(library.editions)
        raise CourseImpossible(f"no protocol {words.protocol}; known: {known}", field="protocol")
    return Asked(edition=edition, details=_details(words, edition, library=library), output=words.format)


def _details(words: argparse.Namespace, edition: ProtocolEdition, *, library: Library) -> CourseDetails:
    start_on = a_date(words.start, option="--start")
    choices = once(
        (a_choice(text, edition=edition, library=library) for text in words.choice), option="--choice"
    )
    products = once(
        (a_product(text, edition=edition, library=library) for text in words.product), option="--product"
    )
    born_on = None if words.dob is None else a_date(words.dob, option="--dob")
    if born_on is not None and born_on > start_on:
        raise CourseImpossible(
            f"--dob {born_on} is after --start {start_on}; a birth comes before the first dose"
        )
    partly = CourseDetails(start_on=start_on, choices=choices)
    return CourseDetails(
        start_on=start_on,
        weight_kg=a_measurement(words.weight_kg, "weight-kg", library=library),
        length_cm=a_measurement(words.length_cm, "length-cm", library=library),
        products={**only_products(edition, library=library), **products},
        choices=choices,
        decisions=once(
            (
                a_decision(text, edition=edition, details=partly, library=library)
                for text in words.escalate_from_day
            ),
            option="--escalate-from-day",
        ),
        verdict=a_verdict(words.responded, edition=edition),
        taper_from_day=a_taper_day(words.taper_from, edition=edition, details=partly, library=library),
        holds=tuple(a_hold(text, edition=edition, library=library) for text in words.hold),
        reweighs=reweighs(words.reweigh, library=library),
        born_on=born_on,
        renal_impairment=words.renal,
    )

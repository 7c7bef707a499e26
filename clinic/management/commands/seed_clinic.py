"""Invent a clinic: every state a child can be in, for the demo, the tests and the load."""

from __future__ import annotations

import datetime as dt
import os
import sys
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clinic.seeding.place import HARBOUR, LAKESIDE, ZONES, open_place
from clinic.seeding.seed import seed
from clinic.seeding.waiting import leave_waiting
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable

NINE = dt.time(9, 0)
MANY = 1000  # from here on a second process is worth its start
WIDTH = 40
A_WHILE = dt.timedelta(minutes=20)


class Command(BaseCommand):
    help = "Invent a synthetic clinic with children in every state. The same seed invents the same children."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--children", type=int, default=42, help="how many (42)")
        parser.add_argument("--as-of", type=dt.date.fromisoformat, help="the day it is (today)")
        parser.add_argument(
            "--processes",
            type=int,
            help="how many write at once (one; one for each core from 1,000 children)",
        )
        parser.add_argument("--seed", type=int, default=1, help="another number, other children (1)")

    def handle(self, *_: Any, **options: Any) -> None:
        children, processes = options["children"], options["processes"]
        if children < 0:
            raise CommandError("--children must be 0 or more.")
        if processes is not None and processes < 1:
            raise CommandError("--processes must be 1 or more.")
        now = moment_of(options["as_of"])
        try:
            self.fill(
                children=children,
                seed_number=options["seed"],
                now=now,
                processes=processes or (1 if children < MANY else os.cpu_count() or 1),
            )
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal

    def fill(self, *, children: int, seed_number: int, now: dt.datetime, processes: int) -> None:
        places = []
        for key, columns, prefix, number in (
            ("lakeside", LAKESIDE, "", children),
            ("harbour", HARBOUR, "harbour-", min(children, 6)),
        ):
            place = open_place(key, columns, now=now, prefix=prefix)
            places.append(place)
            today = place.clinic.local_date(now)
            seeded = seed(
                place=place,
                children=number,
                today=today,
                seed_number=seed_number,
                tell=self.progress(number),
                processes=processes,
            )
            self.stdout.write(
                f"{place.clinic.name}: {seeded.children} children invented, {seeded.already} there before."
            )
        here, there = places
        leave_waiting(here, there)

    def progress(self, children: int) -> Callable[[int], None]:
        """A bar on a terminal, and nothing elsewhere."""
        done = 0

        def tell(more: int) -> None:
            nonlocal done
            done += more
            if sys.stdout.isatty():
                bar = "#" * (WIDTH * done // children)
                self.stdout.write(f"\r[{bar:<{WIDTH}}] {done:,} of {children:,} children", ending="")
                if done >= children:
                    self.stdout.write("")

        return tell


def moment_of(day: dt.date | None) -> dt.datetime:
    """A little while ago, so that letters have waited their time; or nine o'clock of a given day."""
    if day is None:
        return timezone.now() - A_WHILE
    return dt.datetime.combine(day, NINE, ZoneInfo(ZONES[0])).astimezone(dt.UTC)

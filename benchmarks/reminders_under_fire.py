#!/usr/bin/env python3
"""Are reminders lost when everything dies? How fast do they go? What does a sweep cost?

python -m benchmarks.reminders_under_fire fire --letters 500 --runs 3
python -m benchmarks.reminders_under_fire fire --letters 10000 --runs 1
python -m benchmarks.reminders_under_fire throughput --letters 1500 --runs 5 [--plain]
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from statistics import median

from benchmarks.field import Field, battlefield

LONGEST_WAIT = 1200.0


def fire(one: Field, *, letters: int, seed: int) -> None:
    """Send letters while workers, beat, Valkey and PostgreSQL are killed and the mail server misbehaves."""
    from benchmarks import caseload
    from clinic.models import WorkItem
    from notifications.models import Delivery

    gone = letters // 100
    WorkItem.objects.all().delete()
    caseload.letters(letters, gone=gone)
    one.took.unlink(missing_ok=True)
    one.kills.clear()
    one.start_sink(slow=0.012, trouble=True)
    for name in ("worker1", "worker2"):
        one.start_worker(name)
    one.start_beat()
    began = time.monotonic()
    wait_for(lambda: sent(one) > letters // 20)
    for number, (name, blow) in enumerate(blows(one, random.Random(seed))):
        taken = letters * (number + 1) // 9
        wait_for(partial(is_past, one, taken))
        print(f"    {time.monotonic() - began:5.1f} s, {sent(one):5d} taken: {name}", flush=True)
        blow()
    wait_for(lambda: settled() == letters, patience=LONGEST_WAIT)
    seconds = time.monotonic() - began
    one.stop("beat", "worker1", "worker2", "sink")
    report(one, letters=letters, gone=gone, seconds=seconds)
    assert Delivery.objects.filter(state="dead").count() == gone
    assert WorkItem.objects.filter(kind="bounce").count() == gone


def blows(one: Field, dice: random.Random) -> list[tuple[str, Callable[[], None]]]:
    """Six kills: each part at least once, workers twice, in an order of this run's own."""

    def worker(name: str) -> Callable[[], None]:
        def blow() -> None:
            one.kill(name)
            one.start_worker(name)

        return blow

    def beat() -> None:
        one.kill("beat")
        one.start_beat()

    found = [
        ("SIGKILL of worker 1", worker("worker1")),
        ("SIGKILL of worker 2", worker("worker2")),
        ("SIGKILL of worker 1", worker("worker1")),
        ("SIGKILL of beat", beat),
        ("FLUSHALL and SIGKILL of Valkey", one.kill_valkey),
        ("immediate restart of PostgreSQL", one.restart_postgres),
    ]
    dice.shuffle(found)
    return found


def report(one: Field, *, letters: int, gone: int, seconds: float) -> None:
    """What the sink took against what was owed."""
    took = [line.split("\t") for line in one.took.read_text().splitlines()]
    to = Counter(reader for _, reader in took)
    ids = Counter(message_id for message_id, _ in took)
    owed = letters - gone
    print(
        f"  owed {owed}, taken {len(took)}, distinct readers {len(to)}, distinct Message-IDs {len(ids)}\n"
        f"  LOST {owed - len(to)}   DOUBLED under another Message-ID {len(ids) - len(to)}   "
        f"copies with the same Message-ID {len(took) - len(ids)}\n"
        f"  bad addresses {gone}, all with a work item; kills {dict(one.kills)}; {seconds:.0f} s",
        flush=True,
    )
    assert len(to) == owed, "letters were lost"
    assert len(ids) == len(to), "letters were doubled under another Message-ID"


def is_past(one: Field, taken: int) -> bool:
    """Whether the sink has taken more than so many."""
    return sent(one) > taken


def sent(one: Field) -> int:
    """How many letters the sink has taken so far."""
    return one.took.read_text().count("\n") if one.took.exists() else 0


def settled() -> int:
    """How many letters have come to an end, by the database; -1 while it does not answer."""
    from django.db import Error, connection

    from notifications.models import Delivery

    try:
        return (
            Delivery.objects.filter(state__in=("sent", "dead"), letter="referral_made")
            .exclude(data__has_key="instead_of")
            .count()
        )
    except Error:
        connection.close()
        return -1


def wait_for(true: Callable[[], bool], *, patience: float = 600.0) -> None:
    """Wait until something holds, or say that it never did."""
    end = time.monotonic() + patience
    while not true():
        if time.monotonic() > end:
            raise TimeoutError("this took too long")
        time.sleep(0.05)


def throughput(one: Field, *, letters: int, rounds: int, plain: bool) -> None:
    """Letters a second: a bare smtplib loop, our workers, and a naive task per letter, in turns.

    A shared machine is never the same twice: each figure is divided by that of the bare loop run just before
    and just after it, and the median of the ratios is printed.
    """
    from benchmarks import loops

    one.start_sink(plain=plain)
    letter = loops.ready_made()
    bare = partial(loops.bare_loop, one.smtp_port, letters // 2, letter)
    loops.start(one, "worker1")
    found = {
        "ispath, 1 worker": in_turns(bare, partial(loops.workers, letters, count=1), rounds),
        "a naive task per letter, 1 worker": in_turns(bare, partial(loops.naive, letters // 5), rounds),
    }
    loops.start(one, "worker2")
    found["ispath, 2 workers"] = in_turns(bare, partial(loops.workers, letters, count=2), rounds)
    print(f"  the sink offers PIPELINING: {'no' if plain else 'yes'}; {rounds} rounds of {letters} letters")
    for name, (ratio, rate, beside) in found.items():
        print(f"  {name:34s} {rate:6.0f} a second beside {beside:5.0f}: {ratio:5.2f} of the bare loop")
    ours, naive = found["ispath, 1 worker"], found["a naive task per letter, 1 worker"]
    print(
        f"  one worker: {ours[0] / naive[0]:.1f} times as fast as naive tasks, "
        f"{ours[1] / 16:.0f} times the 16 a second of the best peer measured"
    )


def in_turns(
    bare: Callable[[], float], measured: Callable[[], float], rounds: int
) -> tuple[float, float, float]:
    """Medians of: the ratio to the bare loop beside it, the rate, the bare loop's rate."""
    found = []
    for _ in range(rounds):
        before, rate, after = bare(), measured(), bare()
        beside = 2 / (1 / before + 1 / after)
        found.append((rate / beside, rate, beside))
    ratios, rates, besides = zip(*found, strict=True)
    return median(ratios), median(rates), median(besides)


def main() -> None:
    """Read the command line and measure."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("what", choices=("fire", "throughput"))
    arguments.add_argument("--letters", type=int, default=500)
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--plain", action="store_true", help="a sink that does not offer PIPELINING")
    given = arguments.parse_args()
    with battlefield() as one:
        import django

        django.setup()
        if given.what == "throughput":
            throughput(one, letters=given.letters, rounds=given.runs, plain=given.plain)
        else:
            for run in range(1, given.runs + 1):
                print(f"run {run}: {given.letters} letters, 6 kills", flush=True)
                fire(one, letters=given.letters, seed=run)


if __name__ == "__main__":
    main()

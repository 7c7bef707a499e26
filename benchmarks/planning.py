"""How fast the engine plans: 10,000 children, twelve months of checks, in memory.

    python -m benchmarks.planning [children]

Prints checks per second for the calendar of checks ahead, and for whole reviews (replay included) at several
points of a child's first year. On a busy machine the processor's seconds are the ones to compare.
"""

from __future__ import annotations

import sys
from datetime import date, timedelta
from time import perf_counter, process_time

from protocols.engine import facts as f
from protocols.engine.ahead import checks_ahead
from protocols.engine.days import add_months
from protocols.engine.pathway import DrugClass, PathwayEdition, Sex
from protocols.engine.review import review
from protocols.library_files.pathways import read_pathway_file

CHILDREN = 10_000
GOAL = 41_000
START = date(2027, 1, 4)


def child(n: int) -> f.Facts:
    """A child on a hormone for four weeks and on vigabatrin for six months, started on one of many days."""
    start = START + timedelta(days=n % 365)
    sex = Sex.MALE if n % 2 else Sex.FEMALE
    return f.Facts(
        child=f.Child(id=f"child-{n}", sex=sex, born_on=add_months(start, -6)),
        facts=(
            f.TreatmentStart(
                id=f"hormone-{n}",
                on=start,
                known_on=start,
                drug="prednisolone",
                drug_class=DrugClass.HORMONAL,
                planned_last_dose=start + timedelta(days=28),
                taper_on=start + timedelta(days=14),
            ),
            f.TreatmentStart(
                id=f"vigabatrin-{n}",
                on=start,
                known_on=start,
                drug="vigabatrin",
                drug_class=DrugClass.VIGABATRIN,
                planned_last_dose=add_months(start, 7),
            ),
        ),
    )


def history(n: int) -> f.Facts:
    """The same child after everything that was asked for was done on its due day."""
    plain = child(n)
    start = plain.facts[0].on
    done: list[f.Fact] = []
    for elapsed in range(0, 28, 3):
        on = start + timedelta(days=elapsed)
        done.append(f.BloodPressure(id=f"bp-{n}-{elapsed}", on=on, known_on=on, sbp=92, dbp=54))
    for elapsed in range(7, 50, 7):
        on = start + timedelta(days=elapsed)
        done.append(f.FamilyAsked(id=f"asked-{n}-{elapsed}", on=on, known_on=on, none_seen=True))
        done.append(f.Weight(id=f"weight-{n}-{elapsed}", on=on, known_on=on, grams=7800))
    for elapsed in (14, 40, 95, 190):
        on = start + timedelta(days=elapsed)
        done.append(
            f.Eeg(
                id=f"eeg-{n}-{elapsed}",
                on=on,
                known_on=on,
                hypsarrhythmia=False,
                sleep=True,
                minutes=180,
                based=1,
            )
        )
    for elapsed in (14, 100, 190, 330):
        on = start + timedelta(days=elapsed)
        result = f.VisionResult.NO_ABNORMALITY_DETECTED
        done.append(f.VisionExam(id=f"eyes-{n}-{elapsed}", on=on, known_on=on, result=result))
    return f.Facts(child=plain.child, facts=(*plain.facts, *done))


Run = tuple[int, float, float]


def ahead(pathway: PathwayEdition, children: list[f.Facts]) -> Run:
    """Checks of twelve months for every child, the seconds it took, and the processor's seconds."""
    began, busy = perf_counter(), process_time()
    count = sum(len(checks_ahead(pathway, facts, add_months(facts.facts[0].on, 12))) for facts in children)
    return count, perf_counter() - began, process_time() - busy


def reviews(pathway: PathwayEdition, children: list[f.Facts], months: int) -> Run:
    """Whole reviews, replay included, so many months after the start."""
    began, busy = perf_counter(), process_time()
    count = sum(
        len(review(pathway, facts, add_months(facts.facts[0].on, months)).checks) for facts in children
    )
    return count, perf_counter() - began, process_time() - busy


def main(count: int = CHILDREN) -> None:
    children = [child(n) for n in range(count)]
    for key in ("iess-reference", "iess-first-line"):
        pathway = read_pathway_file(key)
        items, seconds, busy = ahead(pathway, children)
        print(
            f"{key}: {items:,} checks of 12 months for {count:,} children in {seconds:.2f} s"
            f" ({busy:.2f} s of processor): {items / seconds:,.0f} checks/s,"
            f" {items / busy:,.0f} checks per second of processor (goal {GOAL:,})"
        )
    pathway = read_pathway_file("iess-first-line")
    some = [history(n) for n in range(max(1, count // 50))]
    for months in (1, 6, 12):
        items, seconds, busy = reviews(pathway, some, months)
        print(
            f"iess-first-line: {len(some):,} whole reviews after {months} months in {seconds:.2f} s"
            f" ({busy:.2f} s of processor): {len(some) / busy:,.0f} reviews,"
            f" {items / busy:,.0f} checks per second of processor"
        )


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:2]))

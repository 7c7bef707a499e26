"""Ask the command for a calendar as a program would, and read worked cases beside it."""

from __future__ import annotations

import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

from protocols.commandline import main
from protocols.library_files.library import Library, read_library

VECTORS = Path(__file__).parents[2] / "data" / "dose_vectors.json"


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


def run(*argv: str) -> Ran:
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(["dose_calendar", *argv])
    return Ran(code, out.getvalue(), err.getvalue())


def calendar(*argv: str) -> Any:
    ran = run(*argv, "--format", "json")
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


@cache
def library() -> Library:
    return read_library()


@cache
def _vectors() -> dict[str, Any]:
    listed = json.loads(VECTORS.read_text(encoding="utf-8"), parse_float=Decimal)["vectors"]
    return {vector["id"]: vector for vector in listed}


def vector(key: str) -> Any:
    return _vectors()[key]


def keys_starting(*starts: str) -> list[str]:
    return [key for key in _vectors() if key.startswith(starts)]


def same(text: str | None, number: Any) -> bool:
    """The text is the number, to the last digit the number is printed with."""
    if text is None or number is None:
        return text is None and number is None
    wanted = Decimal(str(number))
    exponent = wanted.as_tuple().exponent
    assert isinstance(exponent, int)
    digits = Decimal(1).scaleb(min(exponent, -1))
    return Decimal(text).quantize(digits, ROUND_HALF_EVEN) == wanted.quantize(digits)


def day(found: Any, number: int) -> Any:
    return found["days"][number - 1]


def dose(found: Any, number: int, drug: str | None = None) -> Any:
    """The only dose of a treatment day (of a drug)."""
    doses = [one for one in day(found, number)["doses"] if drug in {None, one["drug"]}]
    assert len(doses) == 1, doses
    return doses[0]


def total(found: Any, drug: str) -> Any:
    return next(one for one in found["totals"] if one["drug"] == drug)


def codes(found: Any) -> set[str]:
    return {warning["code"] for warning in found["warnings"]}


def days_of(found: Any, code: str) -> list[list[int]]:
    return [warning["days"] for warning in found["warnings"] if warning["code"] == code]


def is_given_as(given: Any, each: Any, unit: str, *, at_cap: bool = False) -> bool:
    """A dose of the calendar is the `each` of a worked case; at a cap it is the one rounded down."""
    way = "down" if at_cap else "half_up"
    return all(
        (
            same(given["amount"], each[f"dose_{unit}"]),
            same(given["volume_ml"], each["volume_ml_unrounded"]),
            same(given["volume_ml_rounded"], each[f"volume_ml_{way}"]),
            given["rounding"] == ("down" if at_cap else "half-up"),
            at_cap or same(given["rounding_error_pct"], each["half_up_error_pct"]),
        )
    )

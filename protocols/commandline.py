"""The commands that need neither Django nor a database: they read the library files and start at once."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

from protocols.refusal import Refusal

IMPOSSIBLE = 2


def main(argv: Sequence[str]) -> int:
    """Run a command by its name. Exit code 2: the impossible was asked, and stderr says what is allowed."""
    name, *rest = argv
    command = COMMANDS[name]
    try:
        code = command(rest)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, a head or a pager, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Refusal as refusal:
        print(f"{name}: {refusal.sentence}", file=sys.stderr)
        return IMPOSSIBLE
    return code


def _dose_calendar(argv: Sequence[str]) -> int:
    from protocols.calendars.answer import answer_for
    from protocols.calendars.arguments import asked
    from protocols.calendars.as_json import as_json
    from protocols.calendars.as_table import as_table
    from protocols.calendars.reading import within
    from protocols.library_files.library import read_library

    library = read_library()
    wanted = asked(argv, library=library)
    answer = answer_for(wanted.edition, details=wanted.details, formulary=library.formulary)
    within(answer.calendar)
    as_text = as_json(answer) if wanted.output == "json" else as_table(answer, formulary=library.formulary)
    print(as_text)
    return 0


def _simulate(argv: Sequence[str]) -> int:
    from protocols.simulate import main as simulate

    return simulate(argv)


def _describe_protocol(argv: Sequence[str]) -> int:
    from protocols.describing.command import main as describe

    return describe(argv)


def _check_library(argv: Sequence[str]) -> int:
    from protocols.library_files.command import main as check

    return check(argv)


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "dose_calendar": _dose_calendar,
    "simulate": _simulate,
    "describe_protocol": _describe_protocol,
    "check_library": _check_library,
}

"""A parser of command lines that refuses in one line instead of printing its usage."""

from __future__ import annotations

import argparse
from typing import NoReturn

from protocols.refusal import Refusal


class CommandLineWrong(Refusal):
    """What was typed cannot be read as the command's options."""

    code = "command-line-wrong"


class OneLineParser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise CommandLineWrong(f"{message}. See --help for the options.")

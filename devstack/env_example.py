"""Writes .env.example from the one list of settings, so that it names them all."""

from __future__ import annotations

import textwrap

from devstack.surroundings import ROOT
from ispath.environment import SETTINGS, Setting

TARGET = ROOT / ".env.example"
HEAD = """\
# Every setting of ispath. Copy this file to .env, fill it in, keep it out of version control.
# docker compose reads .env by itself; elsewhere: set -a; . ./.env; set +a
# Written by: python3 dev.py docs
"""


def lines_of(setting: Setting) -> str:
    need = "must be set" if setting.default is None else f"default: {setting.default or 'empty'}"
    why = textwrap.fill(f"{setting.why} ({need})", 100, initial_indent="# ", subsequent_indent="# ")
    if setting.default is None:
        example = "" if setting.example.startswith("$(") else f'"{setting.example}"'
        hint = f"# make one: {setting.example[2:-1]}\n" if setting.example.startswith("$(") else ""
        return f"{why}\n{hint}{setting.name}={example}\n"
    return f"{why}\n# {setting.name}={setting.example}\n"


def text() -> str:
    return "\n".join([HEAD, *(lines_of(setting) for setting in SETTINGS)])

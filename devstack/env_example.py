"""Writes .env.example from the one list of settings, so that it names them all."""

from __future__ import annotations

import shlex
import textwrap

from devstack.surroundings import ROOT
from ispath.environment import SETTINGS, Setting

TARGET = ROOT / ".env.example"
HEAD = """\
# Every setting of ispath. Copy this file to .env, fill it in, keep it out of version control.
# docker compose reads .env by itself and needs only the lines that are not commented out;
# elsewhere: set -a; . ./.env; set +a
# Written by: python3 dev.py docs
"""
TAIL = """\
# Only for docker-compose.yml, which makes DATABASE_URL and REDIS_URL itself: letters and digits.
POSTGRES_PASSWORD=
OWNER_PASSWORD=
APP_PASSWORD=
"""


def lines_of(setting: Setting) -> str:
    need = "must be set" if setting.default is None else f"default: {setting.default or 'empty'}"
    why = textwrap.fill(f"{setting.why} ({need})", 100, initial_indent="# ", subsequent_indent="# ")
    if setting.example.startswith("$("):
        return f"{why}\n# make one: {setting.example[2:-1]}\n{setting.name}=\n"
    return f"{why}\n# {setting.name}={shlex.quote(setting.example)}\n"


def text() -> str:
    return "\n".join([HEAD, *(lines_of(setting) for setting in SETTINGS), TAIL])

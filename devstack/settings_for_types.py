"""The settings as mypy's Django plugin reads them: with a developer's environment, and no server needed."""

from __future__ import annotations

from devstack import surroundings

surroundings.adopt()

from ispath.settings import *  # noqa: E402, F403

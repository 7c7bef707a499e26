"""Patient timelines as files: JSON to facts, every mistake with its path, a warning for each unknown key."""

from __future__ import annotations

from protocols.timelines.files import Timeline, TimelinesUnreadable, read_timelines

__all__ = ["Timeline", "TimelinesUnreadable", "read_timelines"]

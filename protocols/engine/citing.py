"""Sources, and how sure we are of what rests on them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """How a number came to us; shown wherever the number is shown."""

    VERIFIED = "V"  # read in the label, the trial or the paper itself
    SECONDARY = "V2"  # read in a secondary copy
    GENERAL = "G"  # general knowledge, not verified: ships only as an editable default that says so
    CLINIC = "D"  # a clinic's own default
    POLICY = "P"  # practice or engineering policy without a clinical source

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Mark.VERIFIED: "verified",
    Mark.SECONDARY: "secondary source",
    Mark.GENERAL: "general knowledge, not verified",
    Mark.CLINIC: "clinic default",
    Mark.POLICY: "policy, no clinical source",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Something that was read."""

    key: str
    citation: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """Why we say so: a mark, the source it was read in (if any), and what part of the row it is about.

    A row may be cited more than once: its amount from one source, its days from another.
    """

    mark: Mark
    source: str | None = None
    about: str = ""


def cited_words(cited: Cited) -> str:
    """A citation in one line: "V S24 (dose)"."""
    source = f" {cited.source}" if cited.source else ""
    about = f" ({cited.about})" if cited.about else ""
    return f"{cited.mark}{source}{about}"

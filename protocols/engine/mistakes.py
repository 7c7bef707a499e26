"""What is wrong in an edition or a file, with the path down to it: found all at once, not one at a time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    path: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}: {self.sentence}"

    def inside(self, path: str) -> Mistake:
        """The same mistake, seen from further up."""
        return Mistake(path=below(path, self.path), sentence=self.sentence)


def below(path: str, key: str) -> str:
    """The path of a key inside the thing at `path`; a file name is set off by a colon."""
    return f"{path}: {key}" if path.endswith(".yaml") else f"{path}.{key}"

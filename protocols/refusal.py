"""The base of every expected "no"."""

from __future__ import annotations


class Refusal(Exception):
    """An expected "no": what happened, why, and what to do next, for the person who will read it.

    `code` is kebab-case and stable; `field` names the input it is about, where there is one.
    Subclasses live beside the verb that raises them and set their own `code`.
    """

    code: str = "refused"

    def __init__(self, sentence: str, *, code: str | None = None, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        return self.sentence

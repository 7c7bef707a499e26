"""A refusal on its way out of an edge: one exception, which each edge writes in its own media type."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, models

from ispath.wire.codes import CODES, ErrorCode
from protocols.refusal import Refusal


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What happened, said in a sentence, with the stable code that a program can rely on."""

    kind: ErrorCode
    code: str
    sentence: str
    field: str | None = None
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)


class ProblemError(Exception):
    """Raised by an edge that cannot answer: it ends as problem+json or as an OperationOutcome."""

    def __init__(self, code: str, sentence: str, *, field: str | None = None, **headers: str) -> None:
        super().__init__(sentence)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.problem = Problem(kind=CODES[code], code=code, sentence=sentence, field=field, headers=named)


def problem_of_refusal(refusal: Refusal) -> Problem:
    """The problem for an expected "no" of a verb: its own code and sentence, with the status that fits."""
    kind = CODES.get(refusal.code) or CODES[_family_of(refusal.code)]
    return Problem(kind=kind, code=refusal.code, sentence=refusal.sentence, field=refusal.field)


def _family_of(code: str) -> str:
    if code.endswith(("not-found", "unknown-child", "unknown-patient")):
        return "not-found"
    if code.startswith(("already-", "duplicate-", "second-")) or code.endswith("-exists"):
        return "conflict"
    if code == "not-allowed":  # of a person; what a protocol does not allow is a value
        return "forbidden"
    return "refused"


def problem_of_database(error: IntegrityError | DataError) -> Problem:
    """The problem for a rule that only the database noticed: its constraint's own sentence, never a 500."""
    name = _constraint_name(error)
    if name is None:
        sentence = "A value does not fit. Check the lengths, the numbers and the dates, and send it again."
        return Problem(kind=CODES["invalid-value"], code="invalid-value", sentence=sentence)
    sentence = (
        _sentence_of_constraint(name) or "This contradicts what is already stored, so nothing was written."
    )
    return Problem(kind=CODES["conflict"], code=name.replace("_", "-"), sentence=sentence)


def problem_of_validation(error: ValidationError) -> Problem:
    """The problem for what a model refused: the first sentence, and the field it is about."""
    if hasattr(error, "error_dict"):
        name, messages = next(iter(error.message_dict.items()))
        field_name = None if name == "__all__" else name
        return _invalid(str(messages[0]), field_name)
    return _invalid(str(error.messages[0]), None)


def _invalid(sentence: str, field_name: str | None) -> Problem:
    return Problem(kind=CODES["invalid-value"], code="invalid-value", sentence=sentence, field=field_name)


def _constraint_name(error: IntegrityError | DataError) -> str | None:
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None)


def _sentence_of_constraint(name: str) -> str | None:
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name and constraint.violation_error_message:
                return _plain(constraint)
    return None


def _plain(constraint: models.BaseConstraint) -> str | None:
    message = str(constraint.violation_error_message)
    return None if "%(name)s" in message else message

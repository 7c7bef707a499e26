"""The life of an edition: checked, signed by two different people, in force from a day, retired.

The database keeps the same promises by constraints and triggers; the verbs here say in words why not.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import transaction

from protocols import models, reading
from protocols.checking import mistakes_in
from protocols.differing import digest_of
from protocols.refusal import Refusal
from protocols.resting import freeze_what_it_rests_on

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.contrib.auth.models import User

    from protocols.engine.mistakes import Mistake

AnyEdition = TypeVar("AnyEdition", models.ProtocolEdition, models.PathwayEdition)

State = models.Edition.State

# Who may do what, by the names of the roles. The first signature answers for the medicine; the second comes
# from another person, who may also be the pharmacist who reads every dose.
MAY_DRAFT = ("pathway lead", "neurologist", "pharmacist")
MAY_SIGN_FIRST = ("pathway lead", "neurologist")
MAY_SIGN_SECOND = ("pathway lead", "neurologist", "pharmacist")
MAY_PUBLISH = ("pathway lead",)

# A clinic west of Greenwich still has yesterday when the day has begun in UTC.
ZONES = timedelta(days=1)


class RoleMayNot(Refusal):
    """The person does not hold a role that carries the act."""

    code = "role-may-not"


class WrongState(Refusal):
    """The edition is at another point of its life."""

    code = "edition-state"


class EditionHasMistakes(Refusal):
    """The draft cannot be signed as it stands. `mistakes` holds all of them, each with its path."""

    code = "edition-has-mistakes"

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        self.mistakes = mistakes
        listed = "\n".join(f"  {mistake}" for mistake in mistakes)
        super().__init__(f"The draft has {len(mistakes)} mistake(s). Mend each, then check again.\n{listed}")


class SamePersonSigns(Refusal):
    """Two signatures need two people."""

    code = "same-person-signs"


class ChangedSinceCheck(Refusal):
    """What would be signed is not what was checked."""

    code = "edition-changed-since-check"


class DayNotPossible(Refusal):
    """The day lies before something that must come first."""

    code = "day-not-possible"


@transaction.atomic
def check_edition(edition: AnyEdition, *, by: User, now: datetime) -> AnyEdition:
    """Close a draft to editing once it has no mistake. Raises EditionHasMistakes with all of them."""
    require_role(by, MAY_DRAFT, "check an edition")
    edition = locked(edition)
    if edition.state == State.CHECKED:
        return edition
    _require_state(edition, State.DRAFT, "Only a draft can be checked.")
    values = reading.values_of(edition)
    mistakes = mistakes_in(values)
    if mistakes:
        raise EditionHasMistakes(mistakes)
    return _set(edition, state=State.CHECKED, content_digest=digest_of(values), checked_at=now, checked_by=by)


@transaction.atomic
def reopen_edition(edition: AnyEdition, *, by: User) -> AnyEdition:
    """Open a checked edition to editing again; a first signature is void. A shipped one is cloned instead."""
    require_role(by, MAY_DRAFT, "reopen an edition")
    edition = locked(edition)
    if edition.state == State.DRAFT:
        return edition
    _require_state(
        edition, State.CHECKED, "What two people signed never changes. Clone it and edit the copy."
    )
    if edition.origin == models.Edition.Origin.SHIPPED:
        sentence = "This edition ships with the library and stays as it is. Clone it and edit the copy."
        raise WrongState(sentence)
    void = dict.fromkeys(("checked_at", "checked_by", "first_signed_at", "first_signed_by"))
    return _set(edition, state=State.DRAFT, content_digest="", first_signed_role="", **void)


@transaction.atomic
def sign_edition(edition: AnyEdition, *, role: str, by: User, now: datetime) -> AnyEdition:
    """Sign a checked edition in one of one's roles. The second signature, by another person, settles it."""
    edition = locked(edition)
    _require_state(edition, State.CHECKED, "Only a checked edition that lacks a signature can be signed.")
    is_first = edition.first_signed_at is None
    _require_signing_role(by, role, MAY_SIGN_FIRST if is_first else MAY_SIGN_SECOND)
    if not is_first and edition.first_signed_by_id == by.pk:
        sentence = "You gave the first signature. The second must come from another person: ask a colleague."
        raise SamePersonSigns(sentence)
    values = reading.values_of(edition)
    if digest_of(values) != edition.content_digest:
        sentence = "The edition is not what was checked. Reopen it, check it again, then sign."
        raise ChangedSinceCheck(sentence)
    freeze_what_it_rests_on(values, now=now)
    if is_first:
        return _set(edition, first_signed_at=now, first_signed_by=by, first_signed_role=role)
    signature = {"second_signed_at": now, "second_signed_by": by, "second_signed_role": role}
    return _set(edition, state=State.SIGNED, **signature)


@transaction.atomic
def put_in_force(edition: AnyEdition, *, on: date, by: User, now: datetime) -> AnyEdition:
    """Offer a signed edition from a day on. It moves nobody: a running course stays on its edition."""
    require_role(by, MAY_PUBLISH, "put an edition in force")
    edition = locked(edition)
    if edition.state == State.IN_FORCE and edition.in_force_on == on:
        return edition
    _require_state(edition, State.SIGNED, "Only an edition that two people signed comes into force, once.")
    if on < now.date() - ZONES:
        sentence = f"{on} has passed, and nothing comes into force backwards. Choose today or a later day."
        raise DayNotPossible(sentence, field="in_force_on")
    return _set(edition, state=State.IN_FORCE, in_force_on=on, put_in_force_at=now, put_in_force_by=by)


@transaction.atomic
def retire(edition: AnyEdition, *, on: date, by: User, now: datetime) -> AnyEdition:
    """Offer an edition no longer from a day on. Courses that run on it run on."""
    require_role(by, MAY_PUBLISH, "retire an edition")
    edition = locked(edition)
    if edition.state == State.RETIRED and edition.retired_on == on:
        return edition
    if edition.state not in {State.SIGNED, State.IN_FORCE}:
        _require_state(edition, State.IN_FORCE, "Only a signed edition retires. Discard a draft instead.")
    first_possible = max(now.date() - ZONES, edition.in_force_on or now.date() - ZONES)
    if on < first_possible:
        sentence = (
            f"{on} is too early: the edition cannot retire before {first_possible}. Choose a later day."
        )
        raise DayNotPossible(sentence, field="retired_on")
    return _set(edition, state=State.RETIRED, retired_on=on, retired_at=now, retired_by=by)


def locked(edition: AnyEdition) -> AnyEdition:
    """The edition as it stands now, held until the transaction ends."""
    editions: Any = type(edition).objects
    held: AnyEdition = editions.select_for_update().get(pk=edition.pk)
    return held


def require_role(by: User, roles: tuple[str, ...], act: str) -> None:
    """Refuse an act to a person who holds none of the roles that carry it."""
    if not by.is_active or not by.groups.filter(name__in=roles).exists():
        sentence = f"To {act} takes one of these roles: {', '.join(roles)}. Ask one of them."
        raise RoleMayNot(sentence)


def _require_signing_role(by: User, role: str, roles: tuple[str, ...]) -> None:
    if role not in roles:
        sentence = f"This signature is given as {', '.join(roles)}, not as {role}."
        raise RoleMayNot(sentence, field="role")
    require_role(by, (role,), "give this signature")


def _require_state(edition: models.Edition, state: str, sentence: str) -> None:
    if edition.state != state:
        raise WrongState(f"{sentence} This edition is {edition.get_state_display()}.")


def _set(edition: AnyEdition, **columns: Any) -> AnyEdition:
    for name, value in columns.items():
        setattr(edition, name, value)
    edition.save(update_fields=list(columns))
    return edition

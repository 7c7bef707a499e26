"""The second person at the keyboard: named, with their own password, and not the first person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import authenticate

from clinic.access import clinics_of
from clinic.actors import actor_for_user
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from clinic.models import Actor
    from ispath.dashboard.desk import Desk


class SecondPersonUnknown(Refusal):
    """The second person could not be recognised."""

    code = "second-person-unknown"


def second_person(request: HttpRequest, desk: Desk, typed: Mapping[str, Any]) -> Actor | None:
    """Return who looked as well; None where nobody was named."""
    name = typed.get("second_username") or ""
    if not name:
        return None
    user = authenticate(request, username=name, password=typed.get("second_password") or "")
    if user is None:
        raise SecondPersonUnknown(
            "The second person's user name or password is not right. Let them type it again.",
            field="second_username",
        )
    actor = actor_for_user(user)
    if desk.clinic not in clinics_of(actor):
        raise SecondPersonUnknown(
            "The second person does not belong to this clinic. Ask a colleague who does.",
            field="second_username",
        )
    return actor

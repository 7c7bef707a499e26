"""The life of an API client: added with its public keys and scopes, given new keys, revoked."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from clinic.actors import actor_for_client, join_clinic
from clinic.models import Actor, Clinic, Membership
from ispath.smart.models import AccessToken, ApiClient
from ispath.smart.scopes import parse_scopes, unknown_words
from ispath.smart.tokens import GrantedToken, issue_token
from protocols.refusal import Refusal


class ClientNameTakenError(Refusal):
    """Another client has this name."""

    code = "client-name-taken"


class UnknownClientError(Refusal):
    """No client has this name."""

    code = "client-not-found"


class UnusableScopesError(Refusal):
    """The scopes are no system scopes."""

    code = "unusable-scopes"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKeys:
    """Where a client's public keys are: in a set we keep, or at an address. Exactly one of the two."""

    key_set: Mapping[str, Any] | None = None
    url: str = ""


@transaction.atomic
def add_client(
    *, name: str, keys: PublicKeys, scopes: str, clinics: Sequence[Clinic], by: Actor, now: datetime
) -> ApiClient:
    """Register a client that may see the children of these clinics."""
    if ApiClient.objects.filter(name=name).exists():
        raise ClientNameTakenError(
            f"There is already a client named {name}. Choose another name, or rotate its keys."
        )
    uid = uuid.uuid4()
    actor = actor_for_client(key=str(uid), name=name)
    for clinic in clinics:
        join_clinic(actor=actor, clinic=clinic, role=Membership.Role.INTERFACE, by=by, now=now)
    return ApiClient.objects.create(
        uid=uid,
        name=name,
        actor=actor,
        scopes=_checked_scopes(scopes),
        key_set=keys.key_set,
        key_set_url=keys.url,
        created_at=now,
        created_by=by,
    )


def _checked_scopes(scopes: str) -> str:
    unknown = unknown_words(scopes)
    if unknown:
        raise UnusableScopesError(
            f"{unknown[0]} is no system scope. Write system/*.rs to read all, or system/Task.rs for one type."
        )
    parsed = parse_scopes(scopes)
    if not parsed:
        raise UnusableScopesError("Say what the client may do, for example --scopes 'system/*.rs'.")
    return " ".join(scope.text for scope in parsed)


@transaction.atomic
def try_token(*, name: str, now: datetime) -> GrantedToken:
    """A token for a client with all its scopes, for whoever tries a call from the shell."""
    client = live_client(name)
    return issue_token(client=client, scopes=client.scopes, now=now)


@transaction.atomic
def rotate_keys(*, name: str, keys: PublicKeys, now: datetime) -> ApiClient:
    """Put new keys in the place of the old ones, and end every token the old ones got."""
    client = live_client(name)
    client.key_set, client.key_set_url = keys.key_set, keys.url
    client.fetched_keys, client.fetched_at = None, None
    client.save(update_fields=["key_set", "key_set_url", "fetched_keys", "fetched_at"])
    AccessToken.objects.filter(client=client, expires_at__gt=now).delete()
    return client


@transaction.atomic
def revoke_client(*, name: str, by: Actor, now: datetime) -> ApiClient:
    """End a client and its tokens at once. Twice is the same as once."""
    client = ApiClient.objects.select_for_update().filter(name=name).first()
    if client is None:
        raise UnknownClientError(f"No client is named {name}. See api_client list.")
    if client.revoked_at is None:
        client.revoked_at, client.revoked_by = now, by
        client.save(update_fields=["revoked_at", "revoked_by"])
    AccessToken.objects.filter(client=client).delete()
    return client


def live_client(name: str) -> ApiClient:
    """The client of this name, locked, if it was not revoked."""
    client = ApiClient.objects.select_for_update().filter(name=name, revoked_at=None).first()
    if client is None:
        raise UnknownClientError(f"No live client is named {name}. See api_client list.")
    return client


def all_clients() -> QuerySet[ApiClient]:
    """Every client, live ones first, by name."""
    return ApiClient.objects.select_related("actor").order_by("revoked_at", "name")

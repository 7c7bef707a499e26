"""The programs of EHR systems: added with their public keys, given new ones, revoked, each with last use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.db.models import Prefetch
from django.http import Http404
from django.urls import reverse

from clinic.models import Membership
from clinic.roles import NotAllowed
from ispath.dashboard.desk import page, render
from ispath.dashboard.forms.base import WardForm, text_field
from ispath.dashboard.pages.acting import act, filled
from ispath.smart.clients import PublicKeys, add_client, all_clients, revoke_client, rotate_keys
from ispath.smart.fetching import judged_address
from ispath.smart.keys import read_key_set
from ispath.smart.models import ApiClient

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from ispath.dashboard.desk import Desk


class KeysForm(WardForm):
    """Public keys: a set to keep here, or the address where the client keeps it."""

    jwks = text_field("Public key set (JWKS), as JSON", long=True, max_length=100_000, required=False)
    jwks_url = text_field("or its https address", max_length=500, required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for exactly one of the two."""
        typed = super().clean() or {}
        if bool(typed.get("jwks")) == bool(typed.get("jwks_url")):
            message = "Give the public key set or its address: one of the two."
            raise forms.ValidationError(message)
        return typed


class AddForm(KeysForm):
    """A new client: its name, what it may do, and whose children it sees."""

    name = text_field("Name of the program and its hospital", max_length=80)
    scopes = text_field("What it may do (SMART scopes)", initial="system/*.rs", max_length=1000)
    clinics = forms.MultipleChoiceField(label="Whose children it sees", widget=forms.CheckboxSelectMultiple)
    field_order = ("name", "scopes", "clinics", "jwks", "jwks_url")


class RevokeForm(WardForm):
    """A second thought."""

    sure = forms.BooleanField(label="I told the people who run this program, or it must stop at once.")


@page
def clients_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """List the clients that see a child of the person's clinics."""
    rows = [(client, _clinics_of(client), _keys_of(client)) for client in _visible(desk)]
    context = {"title": "Programs of EHR systems", "rows": rows, "may_change": _may(desk)}
    return render(request, "dashboard/clients.html", context)


@page
def add_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Register a client."""
    _require(desk)
    form = filled(request, AddForm)
    clinics: Any = form.fields["clinics"]
    clinics.choices = [(clinic.key, clinic.name) for clinic in desk.clinics]

    def verb(typed: Mapping[str, Any]) -> str:
        client = add_client(
            name=typed["name"],
            keys=_keys(typed),
            scopes=typed["scopes"],
            clinics=[clinic for clinic in desk.clinics if clinic.key in typed["clinics"]],
            by=desk.actor,
            now=desk.now,
        )
        return f"{client.name} may ask for tokens now. Its client id: {client.uid}."

    consequence = (
        "Whoever holds the private key to these public keys reads names, record numbers, doses and results "
        "of every child of the clinics you choose, until the program is revoked. Never ask for a private key."
    )
    return _act(request, form, verb, title="Add a program", submit="Add it", consequence=consequence)


@page
def keys_page(request: HttpRequest, desk: Desk, uid: UUID) -> HttpResponse:
    """Put new keys in the place of the old ones."""
    client = _live(desk, uid)

    def verb(typed: Mapping[str, Any]) -> str:
        rotate_keys(name=client.name, keys=_keys(typed), now=desk.now)
        return f"{client.name} has new keys; its old tokens have ended."

    consequence = (
        f"The keys {_keys_of(client)} open nothing from then on, and every token they got ends at once. "
        f"{client.name} reads nothing until it signs with the new key."
    )
    title, form = f"New keys for {client.name}", filled(request, KeysForm)
    return _act(request, form, verb, title=title, submit="Replace the keys", consequence=consequence)


@page
def revoke_page(request: HttpRequest, desk: Desk, uid: UUID) -> HttpResponse:
    """End a client and its tokens."""
    client = _live(desk, uid)

    def verb(typed: Mapping[str, Any]) -> str:
        revoke_client(name=client.name, by=desk.actor, now=desk.now)
        return f"{client.name} is revoked; its tokens have ended."

    consequence = (
        f"{client.name} reads nothing from the next request on, at {_clinics_of(client)}. A revoked program "
        "does not come back: it is added anew, with another client id."
    )
    title, form = f"Revoke {client.name}", filled(request, RevokeForm)
    return _act(request, form, verb, title=title, submit="Revoke it", consequence=consequence, danger=True)


def _act(request: HttpRequest, form: WardForm, verb: Any, **context: Any) -> HttpResponse:
    back = reverse("admin:clients")
    trail = [("Programs of EHR systems", back)]
    return act(request, form=form, verb=verb, back=back, context={"trail": trail, **context})


def _keys(typed: Mapping[str, Any]) -> PublicKeys:
    if typed["jwks_url"]:
        judged_address(typed["jwks_url"], private_hosts=frozenset(settings.JWKS_PRIVATE_HOSTS))
        return PublicKeys(url=typed["jwks_url"])
    return PublicKeys(key_set=read_key_set(typed["jwks"]))


def _may(desk: Desk) -> bool:
    return Membership.Role.OPERATOR in desk.roles


def _require(desk: Desk) -> None:
    if not _may(desk):
        sentence = "Only an operator lets programs in and out. Ask the operator of this installation."
        raise NotAllowed(sentence)


def _visible(desk: Desk) -> list[ApiClient]:
    seeing = Membership.objects.filter(clinic__in=desk.clinics, ended_at=None)
    current = Membership.objects.filter(ended_at=None).select_related("clinic").order_by("clinic__name")
    at_clinics = Prefetch("actor__memberships", current, to_attr="current")
    return list(all_clients().filter(actor__in=seeing.values("actor")).prefetch_related(at_clinics))


def _live(desk: Desk, uid: UUID) -> ApiClient:
    _require(desk)
    client = next((one for one in _visible(desk) if one.uid == uid and one.revoked_at is None), None)
    if client is None:
        message = "There is no such program."
        raise Http404(message)
    return client


def _clinics_of(client: ApiClient) -> str:
    current: list[Membership] = getattr(client.actor, "current", [])
    return ", ".join(membership.clinic.name for membership in current) or "no clinic"


def _keys_of(client: ApiClient) -> str:
    if client.key_set is None:
        return client.key_set_url
    return ", ".join(str(key["kid"]) for key in client.key_set["keys"])

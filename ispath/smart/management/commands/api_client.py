"""`manage.py api_client`: add, list, rotate and revoke the machine clients of EHR systems."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clinic.actors import actor_for_user, operator_actor
from clinic.models import Actor, Clinic
from ispath.smart.clients import PublicKeys, add_client, all_clients, revoke_client, rotate_keys, try_token
from ispath.smart.fetching import judged_address
from ispath.smart.keys import read_key_set
from protocols.refusal import Refusal


class Command(BaseCommand):
    help = "Add, list, rotate and revoke the machine clients of EHR systems (SMART Backend Services)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--by", metavar="LOG-IN", help="your log-in, kept as who did it")
        verbs = parser.add_subparsers(dest="verb", required=True)
        add = verbs.add_parser("add", help="register a client and print its client id")
        add.add_argument("name")
        _add_key_options(add)
        add.add_argument(
            "--scopes", required=True, help='for example "system/*.rs", or system/Task.rs and more'
        )
        add.add_argument(
            "--clinic",
            action="append",
            default=[],
            metavar="KEY",
            help="whose children it sees; default: all clinics",
        )
        verbs.add_parser("list", help="all clients, their scopes, clinics and last use")
        rotate = verbs.add_parser("rotate", help="replace a client's keys and end its tokens")
        rotate.add_argument("name")
        _add_key_options(rotate)
        verbs.add_parser("revoke", help="end a client and its tokens at once").add_argument("name")
        token = verbs.add_parser("token", help="print a token of a client, to try a call by hand")
        token.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        verbs: dict[str, Callable[[dict[str, Any]], None]] = {
            "add": self._add,
            "list": self._list,
            "rotate": self._rotate,
            "revoke": self._revoke,
            "token": self._token,
        }
        try:
            verbs[options["verb"]](options)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal

    def _add(self, options: dict[str, Any]) -> None:
        client = add_client(
            name=options["name"],
            keys=_keys(options),
            scopes=options["scopes"],
            clinics=_clinics(options["clinic"]),
            by=_actor(options["by"]),
            now=timezone.now(),
        )
        self.stdout.write(f"client id  {client.uid}\nscopes     {client.scopes}")

    def _list(self, options: dict[str, Any]) -> None:
        for client in all_clients():
            state = f"revoked {client.revoked_at:%Y-%m-%d %H:%M}Z" if client.revoked_at else "live"
            used = f"{client.last_used_at:%Y-%m-%d %H:%M}Z" if client.last_used_at else "never"
            clinics = ",".join(
                client.actor.memberships.filter(ended_at=None).values_list("clinic__key", flat=True)
            )
            self.stdout.write(
                f"{client.name}  {client.uid}  {state}  last used {used}  [{clinics}]  {client.scopes}"
            )

    def _rotate(self, options: dict[str, Any]) -> None:
        client = rotate_keys(name=options["name"], keys=_keys(options), now=timezone.now())
        self.stdout.write(f"{client.name} has new keys; its old tokens have ended.")

    def _revoke(self, options: dict[str, Any]) -> None:
        client = revoke_client(name=options["name"], by=_actor(options["by"]), now=timezone.now())
        self.stdout.write(f"{client.name} is revoked; its tokens have ended.")

    def _token(self, options: dict[str, Any]) -> None:
        self.stdout.write(try_token(name=options["name"], now=timezone.now()).token)


def _add_key_options(parser: ArgumentParser) -> None:
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--jwks", metavar="FILE", help="file with the public JWK set")
    where.add_argument("--jwks-url", metavar="URL", help="https address of the public JWK set")


def _keys(options: dict[str, Any]) -> PublicKeys:
    if options["jwks_url"]:
        judged_address(options["jwks_url"], private_hosts=frozenset(settings.JWKS_PRIVATE_HOSTS))
        return PublicKeys(url=options["jwks_url"])
    try:
        text = Path(options["jwks"]).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{options['jwks']} cannot be read: {error}") from error
    return PublicKeys(key_set=read_key_set(text))


def _actor(log_in: str | None) -> Actor:
    """Who stands behind the command; without a log-in, the one who set the installation up."""
    if log_in is None:
        return operator_actor()
    user = get_user_model().objects.filter(username=log_in, is_active=True).first()
    if user is None:
        raise CommandError(f"Nobody has the log-in {log_in}. Give your own, or leave --by out.")
    return actor_for_user(user)


def _clinics(keys: list[str]) -> list[Clinic]:
    clinics = list(Clinic.objects.filter(key__in=keys) if keys else Clinic.objects.all())
    missing = set(keys) - {clinic.key for clinic in clinics}
    if missing:
        known = ", ".join(Clinic.objects.order_by("key").values_list("key", flat=True)) or "none yet"
        raise CommandError(f"No clinic has the key {min(missing)}. Known keys: {known}.")
    return clinics

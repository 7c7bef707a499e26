"""The one place that reads settings from the environment. All mistakes are said at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

YES, NO = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}
SMTP_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


class Malformed(ValueError):
    """A value that is there and cannot be used; carries what to type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One name in the environment. `default` None means that it must be given."""

    name: str
    why: str
    example: str
    default: str | None = None


SETTINGS = (
    Setting(
        name="SECRET_KEY",
        why="signs sessions and forms; keep it secret, one per installation",
        example="$(python3 -c 'import secrets; print(secrets.token_urlsafe(50))')",
    ),
    Setting(
        name="LINK_SIGNING_KEY",
        why="signs the links in letters; a key of its own, so that either can be changed alone",
        example="$(python3 -c 'import secrets; print(secrets.token_urlsafe(50))')",
    ),
    Setting(
        name="DATABASE_URL",
        why="PostgreSQL, as the role that runs (it cannot change facts)",
        example="postgresql://ispath_app:PASSWORD@postgres:5432/ispath",
    ),
    Setting(
        name="DATABASE_OWNER_URL",
        why="the same database as the role that migrates; empty: the role of DATABASE_URL",
        example="postgresql://ispath_owner:PASSWORD@postgres:5432/ispath",
        default="",
    ),
    Setting(
        name="DATABASE_ROLE",
        why="app or owner: which of the two this process connects as; manage.py migrate chooses owner itself",
        example="app",
        default="app",
    ),
    Setting(
        name="REDIS_URL",
        why="Celery's broker, the cache and the log-in limits",
        example="redis://redis:6379/0",
    ),
    Setting(
        name="BROKER_URL",
        why="Celery's broker where it is not Redis; empty: REDIS_URL",
        example="amqp://USER:PASSWORD@rabbitmq:5672//",
        default="",
    ),
    Setting(
        name="EMAIL_URL",
        why="where letters go: smtp://, smtp+tls:// or smtps://USER:PASSWORD@HOST:PORT, or anymail://postmark",
        example="smtp+tls://USER:PASSWORD@mail.example.org:587",
    ),
    Setting(
        name="ANYMAIL_API_KEY",
        why="the mail provider's key, only with EMAIL_URL=anymail://…",
        example="",
        default="",
    ),
    Setting(
        name="ANYMAIL_WEBHOOK_SECRET",
        why="USER:PASSWORD the mail provider must send when it reports a bounce",
        example="",
        default="",
    ),
    Setting(
        name="DEFAULT_FROM_EMAIL",
        why="the sender of every letter",
        example="ispath <ispath@example.org>",
    ),
    Setting(
        name="BASE_URL",
        why="how people reach this installation; the links in letters start with it",
        example="https://ispath.example.org",
    ),
    Setting(
        name="ALLOWED_HOSTS",
        why="host names this installation answers to, with commas between",
        example="ispath.example.org",
    ),
    Setting(name="PORT", why="the port the web process listens on", example="8000", default="8000"),
    Setting(
        name="DEBUG",
        why="true shows errors with their data in the browser; only on a developer's machine",
        example="false",
        default="false",
    ),
    Setting(
        name="BEHIND_PROXY",
        why="true where a proxy ends TLS and sets X-Forwarded-Proto itself",
        example="true",
        default="false",
    ),
    Setting(
        name="TRUSTED_PROXIES",
        why="the networks of your own proxies, with commas between: what they say of visitors is believed",
        example="10.0.0.0/8",
        default="",
    ),
    Setting(
        name="TEST_MODE_ALLOWED_DOMAINS",
        why="when set, letters go only to these domains; all others are kept back and said to be",
        example="",
        default="",
    ),
    Setting(
        name="LETTERS_WAIT",
        why="false sends letters at night too, so that a trial shows them; never with real people",
        example="true",
        default="true",
    ),
    Setting(
        name="MAIL_CATCHER_FOLDER",
        why="a folder of caught letters that the web process shows to whoever is logged in; only for trials",
        example="",
        default="",
    ),
    Setting(
        name="MAIL_CATCHER_URL",
        why="the address of a mail catcher's own page, linked from the dashboard; only for trials",
        example="",
        default="",
    ),
    Setting(
        name="HEARTBEAT_PING_URL",
        why="asked after each good sweep, so that an outside monitor notices silence",
        example="",
        default="",
    ),
    Setting(
        name="JWKS_PRIVATE_HOSTS",
        why="HOST:PORT pairs in the private network whose public keys may be fetched, with commas between",
        example="ehr.hospital.internal:443",
        default="",
    ),
    Setting(
        name="API_REQUESTS_PER_MINUTE",
        why="how many requests one API client may make in a minute",
        example="600",
        default="600",
    ),
    Setting(name="LOG_FORMAT", why="json for machines, console for people", example="json", default="json"),
    Setting(name="LOG_LEVEL", why="DEBUG, INFO, WARNING or ERROR", example="INFO", default="INFO"),
)


def yes_or_no(value: str) -> bool:
    if value.lower() in YES | NO:
        return value.lower() in YES
    raise Malformed("type true or false")


def words(value: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in value.split(",") if word.strip())


def port(value: str) -> int:
    if value.isdecimal() and 0 < int(value) < 65536:  # noqa: PLR2004  the last TCP port
        return int(value)
    raise Malformed("type a number from 1 to 65535")


def above_zero(value: str) -> int:
    if value.isdecimal() and int(value) > 0:
        return int(value)
    raise Malformed("type a whole number above zero")


def networks(value: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(word) for word in words(value))
    except ValueError:
        raise Malformed("type networks such as 10.0.0.0/8,2001:db8::/32, or single addresses") from None


def one_of(*allowed: str) -> Callable[[str], str]:
    def choose(value: str) -> str:
        if value in allowed:
            return value
        raise Malformed(f"type one of {', '.join(allowed)}")

    return choose


def web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme in {"http", "https"} and parts.netloc and parts.path in {"", "/"}:
        return value.rstrip("/")
    raise Malformed("type an address such as https://ispath.example.org, without a path")


def database(value: str) -> dict[str, Any]:
    """A PostgreSQL URL as Django wants it. libpq reads it, so sslmode, socket folders and the rest work."""
    try:
        parts = {key: str(item) for key, item in conninfo_to_dict(value).items() if item is not None}
    except ProgrammingError:  # its words would repeat the password
        parts = {}
    scheme_is_right = value.startswith(("postgresql://", "postgres://"))
    port_is_right = parts.get("port", "0").isdecimal()
    if not (scheme_is_right and port_is_right and "dbname" in parts):
        raise Malformed("type postgresql://USER:PASSWORD@HOST:PORT/NAME; only PostgreSQL works")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "OPTIONS": parts,
    }


def redis(value: str) -> str:
    if urlsplit(value).scheme in {"redis", "rediss", "unix"}:
        return value
    raise Malformed("type redis://HOST:PORT/0, rediss://… for TLS, or unix:///path/to.sock?db=0")


def broker_address(value: str) -> str:
    if not value or urlsplit(value).scheme in {"amqp", "amqps"}:
        return value
    return redis(value)


def broker(redis_url: str) -> str:
    """Celery's spelling of the same server: for sockets it differs from everybody else's."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    return f"redis+socket://{parts.path}?virtual_host={parse_qs(parts.query).get('db', ['0'])[0]}"


def email(value: str) -> dict[str, Any]:
    """Django's mail settings from one URL; anymail://NAME chooses a provider that anymail knows."""
    parts = urlsplit(value)
    if parts.scheme == "anymail" and parts.netloc.isidentifier():
        return {"EMAIL_BACKEND": f"anymail.backends.{parts.netloc}.EmailBackend", "PROVIDER": parts.netloc}
    if parts.scheme not in SMTP_PORTS or not parts.hostname:
        raise Malformed(
            "type smtp://HOST:25, smtp+tls://USER:PASSWORD@HOST:587, smtps://… or anymail://postmark"
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or SMTP_PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }


PARSERS: dict[str, Callable[[str], Any]] = {
    "ALLOWED_HOSTS": words,
    "API_REQUESTS_PER_MINUTE": above_zero,
    "BASE_URL": web_address,
    "BEHIND_PROXY": yes_or_no,
    "BROKER_URL": broker_address,
    "DATABASE_OWNER_URL": lambda value: database(value) if value else None,
    "DATABASE_ROLE": one_of("app", "owner"),
    "DATABASE_URL": database,
    "DEBUG": yes_or_no,
    "EMAIL_URL": email,
    "JWKS_PRIVATE_HOSTS": words,
    "LETTERS_WAIT": yes_or_no,
    "LOG_FORMAT": one_of("json", "console"),
    "LOG_LEVEL": one_of("DEBUG", "INFO", "WARNING", "ERROR"),
    "PORT": port,
    "REDIS_URL": redis,
    "TEST_MODE_ALLOWED_DOMAINS": words,
    "TRUSTED_PROXIES": networks,
}


def read(given: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Every setting by name, parsed. Raises ImproperlyConfigured with one line per mistake."""
    given = os.environ if given is None else given
    values: dict[str, Any] = {}
    mistakes: list[str] = []
    for setting in SETTINGS:
        raw = given.get(setting.name, "") or setting.default
        if raw is None:
            mistakes.append(
                f"{setting.name} is not set ({setting.why}). Type: export {setting.name}={setting.example!r}"
            )
            continue
        try:
            values[setting.name] = PARSERS.get(setting.name, str)(raw)
        except Malformed as mistake:
            mistakes.append(f"{setting.name} cannot be used ({setting.why}): {mistake}.")
    if values.get("EMAIL_URL", {}).get("PROVIDER"):
        mistakes += [
            f"{name} is not set, and EMAIL_URL names a mail provider. Its own pages tell it."
            for name in ("ANYMAIL_API_KEY", "ANYMAIL_WEBHOOK_SECRET")
            if not values.get(name)
        ]
    if mistakes:
        head = "ispath cannot start; its environment lacks something (.env.example lists all):"
        raise ImproperlyConfigured("\n  - ".join([head, *mistakes]))
    return values

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from devstack import env_example
from ispath import environment, settings
from tests.environment.programs import ROOT, bare_environment

WHOLE = {
    "SECRET_KEY": "a",
    "LINK_SIGNING_KEY": "b",
    "DATABASE_URL": "postgresql://app:p%40ss@db:5433/ispath?sslmode=require",
    "REDIS_URL": "redis://redis:6379/0",
    "EMAIL_URL": "smtp+tls://me:s%40crt@mail.example.org",
    "DEFAULT_FROM_EMAIL": "ispath@example.org",
    "BASE_URL": "https://ispath.example.org/",
    "ALLOWED_HOSTS": "a.example.org, b.example.org",
}


def test_a_whole_environment_is_read_into_what_django_wants() -> None:
    values = environment.read(WHOLE)

    assert values["DATABASE_URL"] == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "ispath",
        "USER": "app",
        "PASSWORD": "p@ss",
        "HOST": "db",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }
    assert values["EMAIL_URL"]["EMAIL_HOST_PASSWORD"] == "s@crt"
    assert (values["EMAIL_URL"]["EMAIL_PORT"], values["EMAIL_URL"]["EMAIL_USE_TLS"]) == (587, True)
    assert values["ALLOWED_HOSTS"] == ("a.example.org", "b.example.org")
    assert values["BASE_URL"] == "https://ispath.example.org"
    assert values["DEBUG"] is False


def test_all_that_is_missing_is_said_at_once_with_what_to_type() -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        environment.read({})

    for name in WHOLE:
        assert f"{name} is not set" in str(refusal.value)
    assert "export REDIS_URL='redis://redis:6379/0'" in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("DATABASE_URL", "sqlite:///x.db", "only PostgreSQL works"),
        ("DATABASE_URL", "postgresql://host:port:secret/x", "only PostgreSQL works"),
        ("DATABASE_URL", "postgresql://host/x?secret=1", "only PostgreSQL works"),
        ("REDIS_URL", "http://redis", "type redis://"),
        ("EMAIL_URL", "mail.example.org", "type smtp://"),
        ("BASE_URL", "ispath.example.org", "type an address such as https://"),
        ("DEBUG", "maybe", "type true or false"),
        ("PORT", "70000", "type a number from 1 to 65535"),
        ("DATABASE_ROLE", "root", "type one of app, owner"),
        ("LOG_LEVEL", "loud", "type one of DEBUG"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_without_repeating_it(
    name: str, value: str, says: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        environment.read({**WHOLE, name: value})

    assert f"{name} cannot be used" in str(refusal.value)
    assert says in str(refusal.value)
    assert "secret" not in str(refusal.value).replace("keep it secret", "")


def test_a_mail_provider_needs_its_key_and_its_webhook_secret() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"ANYMAIL_API_KEY(.|\n)*ANYMAIL_WEBHOOK_SECRET"):
        environment.read({**WHOLE, "EMAIL_URL": "anymail://postmark"})

    values = environment.read(
        {
            **WHOLE,
            "EMAIL_URL": "anymail://postmark",
            "ANYMAIL_API_KEY": "k",
            "ANYMAIL_WEBHOOK_SECRET": "u:p",
        }
    )

    assert values["EMAIL_URL"]["EMAIL_BACKEND"] == "anymail.backends.postmark.EmailBackend"


@pytest.mark.parametrize(
    ("url", "for_celery"),
    [
        ("redis://redis:6379/1", "redis://redis:6379/1"),
        ("unix:///run/valkey.sock?db=2", "redis+socket:///run/valkey.sock?virtual_host=2"),
        ("unix:///run/valkey.sock", "redis+socket:///run/valkey.sock?virtual_host=0"),
    ],
)
def test_celery_is_told_of_the_same_redis_in_its_own_words(url: str, for_celery: str) -> None:
    assert environment.broker(environment.redis(url)) == for_celery


def test_the_example_file_names_every_setting() -> None:
    assert env_example.TARGET.read_text() == env_example.text()
    for setting in environment.SETTINGS:
        assert f"{setting.name}=" in env_example.text()


@pytest.mark.parametrize(
    "program",
    [["-c", "import ispath.settings"], ["-m", "celery", "-A", "ispath", "report"]],
    ids=["settings", "celery"],
)
def test_a_process_outside_development_refuses_to_start_with_gaps(program: list[str]) -> None:
    given = {**bare_environment(), **WHOLE, "BASE_URL": ""}
    done = subprocess.run(
        [sys.executable, *program],
        cwd=ROOT,
        env=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode != 0
    assert "BASE_URL is not set" in done.stderr + done.stdout


@pytest.mark.parametrize("command", ["dose_calendar", "simulate"])
def test_the_commands_for_checking_us_need_no_settings(command: str) -> None:
    nothing = {"PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "manage.py", command],
        cwd=ROOT,
        env=nothing,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert "required" in done.stderr


@pytest.mark.parametrize(
    ("typed", "used"),
    [
        ("", ""),
        ("amqp://user:secret@rabbitmq:5672//", "amqp://user:secret@rabbitmq:5672//"),
        ("redis://other:6379/1", "redis://other:6379/1"),
    ],
)
def test_the_broker_may_be_another_one(typed: str, used: str) -> None:
    assert environment.PARSERS["BROKER_URL"](typed) == used


def test_a_broker_nobody_speaks_to_is_refused() -> None:
    with pytest.raises(environment.Malformed):
        environment.PARSERS["BROKER_URL"]("kafka://here")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("amqp://user:secret@127.0.0.1:1//", {"py-amqp", "confirm_publish", "read_timeout", "write_timeout"}),
        ("redis://127.0.0.1:1/0", {"redis", *settings.REDIS_AS_BROKER}),
    ],
)
def test_each_broker_is_spoken_to_by_its_own_client_with_its_own_options(
    address: str, expected: set[str]
) -> None:
    """RabbitMQ says what it took: else beat's pulse would go on while a dead line swallows every nudge."""
    code = (
        "from ispath.celery import app; line = app.connection_for_write();"
        "print(line.transport.driver_name, *app.conf.broker_transport_options)"
    )
    env = {**os.environ, "BROKER_URL": address}

    said = subprocess.run([sys.executable, "-c", code], env=env, check=True, capture_output=True, text=True)

    assert set(said.stdout.split()) == expected

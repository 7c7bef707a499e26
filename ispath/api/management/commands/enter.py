"""`manage.py enter KIND FILE`: enter documents from a file, as REST would, all of them or none."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone
from rest_framework import serializers

from clinic.actors import actor_for_user
from clinic.models import Actor, Via
from ispath.api.entering.acts import ENTERED, Sender
from ispath.api.errors import problem_of
from ispath.wire.problems import Problem
from protocols.refusal import Refusal

_EXPECTED = (Refusal, serializers.ValidationError, ValidationError, IntegrityError, DataError)


class Command(BaseCommand):
    help = (
        "Enter children, courses or observations from a file: one JSON document as REST takes it, or a list. "
        "All are entered or none; every mistake is said with its place."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=sorted(ENTERED))
        parser.add_argument("file", help="a JSON file; - reads standard input")
        parser.add_argument("--by", required=True, help="the e-mail of the person who enters them")

    def handle(self, *_: Any, **options: Any) -> None:
        """Read every document, enter them in one transaction, and say what each became."""
        shape, act, _fhir_type = ENTERED[options["what"]]
        sender = Sender(actor=actor_named(options["by"]), via=Via.COMMAND)
        now = timezone.now()
        mistakes: list[str] = []
        answers = []
        with transaction.atomic():
            for number, document in enumerate(documents_in(options["file"])):
                read = shape(data=document)
                try:
                    with transaction.atomic():
                        read.is_valid(raise_exception=True)
                        answers.append(act(read.validated_data, sender=sender, now=now))
                except _EXPECTED as error:
                    mistakes.append(f"[{number}] {said_of(error)}")
            if mistakes:
                raise CommandError("Nothing was entered.\n" + "\n".join(mistakes))
        for entered in answers:
            self.stdout.write(json.dumps(entered.body, default=str))


def documents_in(name: str) -> list[Any]:
    """The documents of a file; one alone is a list of one."""
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        found = json.loads(text)
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise CommandError(f"{name} is not JSON: {error}.") from error
    return found if isinstance(found, list) else [found]


def actor_named(email: str) -> Actor:
    """The person behind the command."""
    user = User.objects.filter(username=email, is_active=True).first()
    if user is None:
        raise CommandError(f"Nobody logs in as {email}. Name somebody who does: --by EMAIL.")
    return actor_for_user(user)


def said_of(error: Exception) -> str:
    """A refusal on one line, with the field it is about."""
    problem: Problem | None = problem_of(error)
    if problem is None:
        raise error
    return f"{problem.field}: {problem.sentence}" if problem.field else problem.sentence

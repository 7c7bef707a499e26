"""One request, one effect: a repeated request with the same Idempotency-Key gets the first one's answer.

The key is written in the transaction of what it stands for. Two requests with one key meet at the unique
constraint: the second waits until the first has ended. Then it finds its answer or, when the first was
refused, is the first itself. A refusal keeps nothing, so that a corrected document may come with its key.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest

from clinic.models import Patient
from ispath.api.models import KeptAnswer
from ispath.wire.problems import ProblemError

HEADER = "Idempotency-Key"
LONGEST_KEY = 255
KEPT = timedelta(days=7)
PATIENCE = "5s"  # how long a second request waits for the first


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What a document became: the answer's status and body, and the child it is about."""

    status: int
    body: dict[str, Any]
    patient: Patient


def key_of(request: HttpRequest) -> str:
    """The key a request brings; `idempotency-key-missing` without one."""
    key = request.headers.get(HEADER, "")
    if not key:
        raise ProblemError(
            "idempotency-key-missing",
            f"A request that writes needs the header {HEADER} with a value of its own, for example a UUID. "
            "Send the same value when you repeat the request.",
            field=HEADER,
        )
    if len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise ProblemError(
            "bad-parameter", f"{HEADER} must be 1 to {LONGEST_KEY} printable ASCII characters.", field=HEADER
        )
    return key


def digest_of(address: str, document: Any) -> str:
    """What tells one request from another: its address and its document, however the JSON was laid out."""
    said = json.dumps([address, document], sort_keys=True, cls=DjangoJSONEncoder)
    return sha256(said.encode()).hexdigest()


@transaction.atomic
def once(
    *, client_id: int, key: str, request_digest: str, now: datetime, enter: Callable[[], Entered]
) -> tuple[Entered | KeptAnswer, bool]:
    """Enter, or return the answer kept for this key. The second value says whether it is a repetition.

    Raises `idempotency-key-reused` when the key came with another request, `request-in-progress` when the
    first request with it has not ended within a few seconds.
    """
    KeptAnswer.objects.filter(client=client_id, created_at__lt=now - KEPT).delete()
    take(KeptAnswer(client_id=client_id, key=key, request_digest=request_digest, created_at=now))
    kept = KeptAnswer.objects.select_for_update().get(client=client_id, key=key)
    if kept.request_digest != request_digest:
        raise ProblemError(
            "idempotency-key-reused",
            f"This {HEADER} came with another request before. Use a new value for a new request.",
            field=HEADER,
        )
    if kept.status is not None:
        return kept, True
    entered = enter()
    kept.status, kept.body, kept.patient = entered.status, entered.body, entered.patient
    kept.save()
    return entered, False


def take(row: KeptAnswer) -> None:
    """Write the key unless it is there; wait a little for whoever is writing it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
        try:
            with transaction.atomic():
                KeptAnswer.objects.bulk_create([row], ignore_conflicts=True)
        except OperationalError as error:
            raise ProblemError(
                "request-in-progress",
                "The first request with this key is still running. Repeat this one in a moment.",
                Retry_After="5",
            ) from error
        cursor.execute("SELECT set_config('lock_timeout', '0', true)")

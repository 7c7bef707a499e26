"""One idempotency key, many requests at the same time."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from ispath.api.entering.once import Entered, once
from ispath.wire.problems import ProblemError
from tests.factories.clinic import NOW, PatientFactory
from tests.factories.smart import an_api_client


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_with_one_key_are_one() -> None:
    client = an_api_client()
    patient = PatientFactory.create()
    entered, started = [], threading.Event()

    def enter() -> Entered:
        entered.append(threading.get_ident())
        started.set()
        return Entered(status=201, body={"by": len(entered)}, patient=patient)

    answers: list[Any] = []

    def ask() -> None:
        answers.append(once(client_id=client.pk, key="k", request_digest="d", now=NOW, enter=enter)[0].body)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(entered) == 1
    assert answers == [{"by": 1}] * 8


@pytest.mark.django_db(transaction=True)
def test_a_request_does_not_wait_for_ever_for_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ispath.api.entering.once.PATIENCE", "50ms")
    client, patient = an_api_client(), PatientFactory.create()
    seen: list[str] = []

    def second() -> None:
        try:
            once(client_id=client.pk, key="k", request_digest="d", now=NOW, enter=lambda: entered)
        except ProblemError as error:
            seen.append(error.problem.code)
        connection.close()

    def first() -> Entered:
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
        return entered

    entered = Entered(status=201, body={}, patient=patient)
    once(client_id=client.pk, key="k", request_digest="d", now=NOW, enter=first)

    assert seen == ["request-in-progress"]

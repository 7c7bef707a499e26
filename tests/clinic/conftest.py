"""One ward for each module of tests: loading and signing the library takes longer than any test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from tests.factories import ward as w


@pytest.fixture(scope="module")
def shared_ward(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[w.Ward]:
    """A ward on the reference pathway; what tests write is rolled back to it, and it is after the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield w.ward()
        transaction.set_rollback(True)


@pytest.fixture
def ward(shared_ward: w.Ward, db: None) -> w.Ward:
    return shared_ward

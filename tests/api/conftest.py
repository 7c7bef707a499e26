"""A browser whose every request carries a token; the rows come from the FHIR ward, which both edges share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from ispath.smart.models import ApiClient
from tests.factories.smart import bearer
from tests.fhir.conftest import Ward, ehr, ward

__all__ = ["Get", "Ward", "ehr", "ward"]

Get = Callable[..., Any]


@pytest.fixture
def get(client: Client, ehr: ApiClient) -> Get:
    """GET under /api/v1 with a token; returns the answer."""
    headers = bearer(ehr)

    def ask(address: str, **more: Any) -> Any:
        return client.get(
            address if address.startswith("http") else f"/api/v1{address}", **{**headers, **more}
        )

    return ask

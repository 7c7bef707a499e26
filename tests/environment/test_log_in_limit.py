from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_limit_is_on(settings: Settings) -> None:
    settings.AXES_ENABLED = True
    cache.clear()


def log_in(client: Client, password: str) -> int:
    data = {"username": "nurse@demo.example", "password": password}
    return client.post("/admin/login/", data).status_code


def test_after_five_wrong_passwords_the_right_one_is_refused_too(client: Client) -> None:
    User.objects.create_user("nurse@demo.example", password="right", is_staff=True)

    answers = [log_in(client, "wrong") for _ in range(5)]

    assert answers[:4] == [200] * 4
    assert log_in(client, "right") == 429


def test_the_right_password_clears_what_went_wrong_before(client: Client) -> None:
    User.objects.create_user("nurse@demo.example", password="right", is_staff=True)
    for _ in range(4):
        log_in(client, "wrong")

    assert log_in(client, "right") == 302
    client.logout()
    assert log_in(client, "wrong") == 200

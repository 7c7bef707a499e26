"""Roles are written by every migration, and say of each permission that it exists."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission

from clinic import roles

pytestmark = pytest.mark.django_db


def test_every_permission_in_the_table_exists() -> None:
    named = {permission for allowed in roles.PERMISSIONS.values() for permission in allowed}
    rows = Permission.objects.values_list("content_type__app_label", "codename")

    assert named | roles.CONTACTS <= {f"{app}.{codename}" for app, codename in rows}


def test_the_groups_say_what_the_table_says_and_twice_is_once() -> None:
    roles.write_roles()
    roles.write_roles()

    for role, allowed in roles.PERMISSIONS.items():
        assert Group.objects.get(name=role).permissions.count() == len(set(allowed))


def test_only_a_neurologist_decides_a_dose_or_waives_the_deciding_eeg() -> None:
    for permission in ("clinic.decide_dose", "clinic.waive_deciding_check"):
        holders = {role for role, allowed in roles.PERMISSIONS.items() if permission in allowed}
        assert holders == {roles.Role.NEUROLOGIST}

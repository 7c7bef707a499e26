from __future__ import annotations

import pghistory
import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import ProgrammingError, connection

from ispath.database.history import QUICK
from ispath.database.roles import grant
from tests.factories.clinic import PatientFactory


def current_role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


@pytest.mark.django_db
def test_tests_run_with_the_privileges_of_the_running_role() -> None:
    assert current_role() == settings.DATABASE_APP_ROLE == "ispath_app"

    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("TRUNCATE auth_group CASCADE")


@pytest.mark.usefixtures("as_owner")
def test_a_test_may_ask_to_be_the_owner() -> None:
    assert current_role() == settings.DATABASE_OWNER_ROLE == "ispath_owner"


@pytest.mark.django_db(transaction=True)
def test_after_a_transactional_test_the_tables_are_empty_again() -> None:
    Group.objects.create(name="a group that is flushed by the owner")

    assert current_role() == "ispath_app"


@pytest.mark.usefixtures("as_owner")
def test_a_table_says_what_the_running_role_may_do_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Group, "app_role_may", ("SELECT", "INSERT", "UPDATE (name)"), raising=False)

    grant(connection, settings.DATABASE_APP_ROLE)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('ispath_app', 'auth_group', 'DELETE'),"
            " has_column_privilege('ispath_app', 'auth_group', 'name', 'UPDATE'),"
            " has_column_privilege('ispath_app', 'auth_group', 'id', 'UPDATE'),"
            " has_table_privilege('ispath_app', 'auth_user', 'DELETE')"
        )
        assert cursor.fetchone() == (False, True, False, True)


@pytest.mark.django_db
def test_no_session_can_pass_over_a_trigger() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL pgtrigger.ignore = '{anything}'")
        cursor.execute("SELECT public._pgtrigger_should_ignore('anything')")

        assert cursor.fetchone() == (False,)


@pytest.mark.django_db
def test_row_history_catches_no_error_for_each_row_it_keeps() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = ANY(%s)", [list(QUICK)])
        bodies = [row[0] for row in cursor.fetchall()]

    assert len(bodies) == len(QUICK)
    assert not any("EXCEPTION" in body for body in bodies)


@pytest.mark.django_db
def test_a_change_in_a_context_still_names_it() -> None:
    with pghistory.context(reason="tried"):
        child = PatientFactory()

    event = apps.get_model("clinic", "PatientEvent").objects.get(pgh_obj=child)
    assert event.pgh_context.metadata == {"reason": "tried"}

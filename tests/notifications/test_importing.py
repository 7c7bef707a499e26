"""A running caseload comes in whole or not at all, and causes no storm of letters."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from clinic.models import CareTeamMember, Contact, Enrolment, Membership, Patient
from notifications import outages
from notifications.importing import NotImported, import_children
from notifications.models import Outage
from tests.factories.clinic import NOW, ClinicFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db

HEAD = "family_name,given_names,birth_date,sex,mrn,pediatrician,practice,email,address_confirmed"
GOOD = (
    "Imported,Alma,2026-06-20,f,700001,Dr Practice,Practice,doctor@demo.example,yes",
    "Imported,Bo,2026-05-01,m,700002,Dr Practice,Practice,doctor@demo.example,yes",
)


@pytest.fixture
def nurse(monkeypatch: pytest.MonkeyPatch) -> Membership:
    """A nurse of a clinic; the plan of a child is another module's business."""
    membership: Membership = MembershipFactory.create()
    monkeypatch.setattr("clinic.enrolment.review_enrolment", lambda **more: None)
    monkeypatch.setattr("clinic.enrolment.pathway_in_use", lambda clinic, on: pathway())
    return membership


def pathway() -> object:
    """An edition without rules."""
    from tests.factories.clinic import PathwayEditionFactory

    return PathwayEditionFactory.create()


def take(nurse: Membership, *lines: str, head: str = HEAD) -> list[Patient]:
    """Import some lines."""
    return import_children(rows=[head, *lines], clinic=nurse.clinic, by=nurse.actor, now=NOW)


def test_children_come_in_with_their_practice_which_stands_in_the_book_once(nurse: Membership) -> None:
    children = take(nurse, *GOOD)

    assert len(children) == Enrolment.objects.count() == CareTeamMember.objects.count() == 2
    assert Contact.objects.get().confirmed_at == NOW


def test_every_mistake_is_said_with_its_line_and_nothing_comes_in(nurse: Membership) -> None:
    with pytest.raises(NotImported) as refused:
        take(
            nurse,
            GOOD[0],
            "Imported,Bo,1.5.2026,m,700002,,,,",
            "Imported,Cai,2026-05-01,x,700003,,,,",
            "Imported,Dea,2026-05-01,f,,,,,",
            "Imported,Ebo,2026-05-01,m,700001,,,,",
            "Imported,Fia,2030-05-01,f,700006,,,,",
            "Imported,Gil,2026-05-01,m,700007,Dr X,,not an address,yes",
        )

    assert [(mistake.line, mistake.column) for mistake in refused.value.mistakes][:3] == [
        (3, "birth_date"),
        (4, "sex"),
        (5, "mrn"),
    ]
    assert [mistake.line for mistake in refused.value.mistakes] == [3, 4, 5, 6, 7, 8]
    assert not Patient.objects.exists()
    assert not Contact.objects.exists()
    assert not Outage.objects.exists()


def test_a_name_with_a_control_character_is_refused(nurse: Membership) -> None:
    with pytest.raises(NotImported) as refused:
        take(nurse, GOOD[0].replace("Alma", "Al\x07ma"))

    assert [(one.line, one.column) for one in refused.value.mistakes] == [(2, "given_names")]
    assert not Patient.objects.exists()


def test_a_column_that_is_missing_or_not_known_is_said(nurse: Membership) -> None:
    with pytest.raises(NotImported) as refused:
        take(nurse, head="family_name,given_names,birth_date,sex,nickname")

    assert [mistake.column for mistake in refused.value.mistakes] == ["mrn", "nickname"]


def test_the_letters_of_an_import_wait_for_each_other(nurse: Membership) -> None:
    take(nurse, *GOOD)

    held = outages.catching_up(now=NOW)

    assert held is not None
    assert held.name == "import"


def test_the_command_says_what_it_did_or_what_is_wrong(nurse: Membership, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("\n".join([HEAD, *GOOD]))
    bad.write_text("\n".join([HEAD, GOOD[0].replace("2026-06-20", "soon")]))
    said = io.StringIO()
    login = "nurse@demo.example"

    call_command("import_children", good, clinic=nurse.clinic.key, by=login, stdout=said)

    assert "2 children imported" in said.getvalue()
    with pytest.raises(CommandError, match="line 2, birth_date: “soon” is no date"):
        call_command("import_children", bad, clinic=nurse.clinic.key, by=login)


@pytest.mark.parametrize(
    ("file", "clinic", "by", "sentence"),
    [
        ("x.csv", "nowhere", "nurse@demo.example", "There is no clinic “nowhere”. There are: north."),
        ("x.csv", "north", "nobody", "Nobody logs in as “nobody”."),
        ("x.csv", "north", "nurse@demo.example", "cannot be read"),
    ],
)
def test_a_wrong_command_line_is_answered_with_what_there_is(
    tmp_path: Path, file: str, clinic: str, by: str, sentence: str
) -> None:
    ClinicFactory.create()
    UserFactory.create()

    with pytest.raises(CommandError, match=sentence):
        call_command("import_children", tmp_path / file, clinic=clinic, by=by)

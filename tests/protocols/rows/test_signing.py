"""The life of an edition: who may do what, in which order, and what is refused with which sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from protocols import models, reading
from protocols.drafting import NumberTaken, clone_edition, discard_draft, draft_from, rewrite_draft
from protocols.signing import (
    ChangedSinceCheck,
    DayNotPossible,
    EditionHasMistakes,
    RoleMayNot,
    SamePersonSigns,
    WrongState,
    check_edition,
    put_in_force,
    reopen_edition,
    retire,
    sign_edition,
)
from tests.factories.protocols import NOW, TODAY, in_force, lead, neurologist, person, signed

State = models.Edition.State
Edition = models.ProtocolEdition


def test_a_clone_is_edited_checked_signed_by_two_people_and_put_in_force(draft: Edition) -> None:
    step = models.DoseStep.objects.filter(phase__edition=draft, amount=20).get()
    step.amount = 15
    step.save()

    checked = check_edition(draft, by=lead(), now=NOW)
    once = sign_edition(checked, role="pathway lead", by=lead(), now=NOW)
    twice = sign_edition(once, role="neurologist", by=neurologist(), now=NOW)
    offered = put_in_force(twice, on=TODAY, by=lead(), now=NOW)

    assert (checked.state, once.state, twice.state) == (State.CHECKED, State.CHECKED, State.SIGNED)
    assert list(Edition.objects.in_force(TODAY)) == [offered]
    assert not Edition.objects.in_force(TODAY - timedelta(days=1)).exists()


def test_a_clone_takes_the_next_number_and_remembers_what_it_was_cloned_from(
    shipped_edition: Edition, draft: Edition
) -> None:
    second = clone_edition(draft, reason="Another try.", by=neurologist(), now=NOW)

    assert (draft.number, second.number) == ("1.1", "1.2")
    assert (draft.cloned_from, second.cloned_from) == (shipped_edition, draft)
    assert draft.origin == "written_here"


def test_a_clone_says_what_the_edition_says(shipped_edition: Edition, draft: Edition) -> None:
    mine, theirs = reading.protocol_values(draft), reading.protocol_values(shipped_edition)

    assert mine.phases == theirs.phases
    assert mine.cited == theirs.cited
    assert mine.edition == "1.1"


def test_the_second_signature_comes_from_another_person(shipped_edition: Edition) -> None:
    both_roles = person("neurologist", name=lead().username)
    once = sign_edition(shipped_edition, role="pathway lead", by=lead(), now=NOW)

    with pytest.raises(SamePersonSigns, match="another person"):
        sign_edition(once, role="neurologist", by=both_roles, now=NOW)

    once.refresh_from_db()
    assert once.state == State.CHECKED


@pytest.mark.parametrize("role", ["nurse", "clinic lead", "operator"])
def test_a_role_that_does_not_answer_for_the_medicine_does_not_sign(
    role: str, shipped_edition: Edition
) -> None:
    with pytest.raises(RoleMayNot, match="pathway lead, neurologist"):
        sign_edition(shipped_edition, role=role, by=person(role), now=NOW)


def test_nobody_signs_in_a_role_they_do_not_hold(shipped_edition: Edition) -> None:
    with pytest.raises(RoleMayNot, match="Ask one of them"):
        sign_edition(shipped_edition, role="neurologist", by=lead(), now=NOW)


def test_a_pharmacist_gives_the_second_signature_and_not_the_first(shipped_edition: Edition) -> None:
    with pytest.raises(RoleMayNot):
        sign_edition(shipped_edition, role="pharmacist", by=person("pharmacist"), now=NOW)

    once = sign_edition(shipped_edition, role="neurologist", by=neurologist(), now=NOW)
    twice = sign_edition(once, role="pharmacist", by=person("pharmacist"), now=NOW)

    assert twice.state == State.SIGNED
    assert twice.second_signed_role == "pharmacist"


def test_somebody_who_has_left_signs_nothing(shipped_edition: Edition) -> None:
    gone = lead()
    gone.is_active = False
    gone.save()

    with pytest.raises(RoleMayNot):
        sign_edition(shipped_edition, role="pathway lead", by=gone, now=NOW)


def test_a_draft_is_refused_with_all_its_mistakes_at_once(draft: Edition) -> None:
    models.DoseStep.objects.filter(phase__edition=draft, condition="week-2-dose").update(condition="weak-2")
    models.Phase.objects.filter(edition=draft, position=0).update(given_choice="taste", given_equals="sweet")

    with pytest.raises(EditionHasMistakes) as refused:
        check_edition(draft, by=lead(), now=NOW)

    paths = {mistake.path for mistake in refused.value.mistakes}
    assert len(paths) > 2
    assert any(path.startswith("phases[0].given") for path in paths)
    assert any(path.startswith("phases[1].steps[0]") for path in paths)
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_a_draft_cannot_be_signed_unchecked(draft: Edition) -> None:
    with pytest.raises(WrongState, match="checked"):
        sign_edition(draft, role="pathway lead", by=lead(), now=NOW)


def test_checking_twice_is_checking_once(draft: Edition) -> None:
    once = check_edition(draft, by=lead(), now=NOW)

    twice = check_edition(draft, by=neurologist(), now=NOW + timedelta(hours=1))

    assert (twice.checked_at, twice.checked_by) == (once.checked_at, once.checked_by)


def test_a_reopened_edition_has_lost_its_check_and_its_first_signature(draft: Edition) -> None:
    checked = check_edition(draft, by=lead(), now=NOW)
    sign_edition(checked, role="pathway lead", by=lead(), now=NOW)

    reopened = reopen_edition(checked, by=neurologist())

    assert reopened.state == State.DRAFT
    assert (reopened.first_signed_at, reopened.first_signed_by, reopened.first_signed_role) == (
        None,
        None,
        "",
    )
    assert reopened.content_digest == ""


def test_a_shipped_edition_is_cloned_and_never_reopened(shipped_edition: Edition) -> None:
    with pytest.raises(WrongState, match="ships with the library"):
        reopen_edition(shipped_edition, by=lead())


def test_what_is_signed_is_what_was_checked(shipped_edition: Edition) -> None:
    Edition.objects.filter(pk=shipped_edition.pk).update(summary="Slipped in behind the check.")

    with pytest.raises(ChangedSinceCheck, match="check it again"):
        sign_edition(shipped_edition, role="pathway lead", by=lead(), now=NOW)


def test_an_edition_comes_into_force_once_and_never_backwards(shipped_edition: Edition) -> None:
    edition = signed(shipped_edition)
    with pytest.raises(DayNotPossible, match="backwards"):
        put_in_force(edition, on=TODAY - timedelta(days=30), by=lead(), now=NOW)

    first = put_in_force(edition, on=TODAY, by=lead(), now=NOW)
    again = put_in_force(edition, on=TODAY, by=lead(), now=NOW + timedelta(hours=1))

    assert again.put_in_force_at == first.put_in_force_at
    with pytest.raises(WrongState):
        put_in_force(edition, on=TODAY + timedelta(days=1), by=lead(), now=NOW)


def test_a_retired_edition_is_in_force_until_the_day_it_retires(shipped_edition: Edition) -> None:
    edition = in_force(shipped_edition)
    later = TODAY + timedelta(days=10)

    retire(edition, on=later, by=lead(), now=NOW)

    assert Edition.objects.in_force(later - timedelta(days=1)).exists()
    assert not Edition.objects.in_force(later).exists()


def test_an_edition_does_not_retire_before_it_was_in_force(shipped_edition: Edition) -> None:
    edition = in_force(shipped_edition, on=TODAY + timedelta(days=5))

    with pytest.raises(DayNotPossible, match="too early"):
        retire(edition, on=TODAY, by=lead(), now=NOW)


def test_a_checked_edition_does_not_retire(shipped_edition: Edition) -> None:
    with pytest.raises(WrongState, match="Discard a draft"):
        retire(shipped_edition, on=TODAY, by=lead(), now=NOW)


def test_only_a_pathway_lead_puts_in_force(shipped_edition: Edition) -> None:
    edition = signed(shipped_edition)

    with pytest.raises(RoleMayNot, match="pathway lead"):
        put_in_force(edition, on=TODAY, by=neurologist(), now=NOW)


def test_a_file_becomes_a_draft_and_the_same_file_again_finds_it(shipped_edition: Edition) -> None:
    values = replace(reading.protocol_values(shipped_edition), edition="7", summary="From another clinic.")

    first = draft_from(values, reason="Sent by a colleague.", by=lead(), now=NOW)
    again = draft_from(values, reason="Sent by a colleague.", by=lead(), now=NOW)

    assert first == again
    assert (first.origin, first.state) == ("imported", State.DRAFT)
    assert reading.values_of(first) == values


def test_a_file_that_says_otherwise_under_a_number_that_is_taken_is_refused_with_the_places(
    shipped_edition: Edition,
) -> None:
    values = replace(reading.protocol_values(shipped_edition), summary="Something else.")

    with pytest.raises(NumberTaken, match=r"such as 1\.1") as refused:
        draft_from(values, reason="", by=lead(), now=NOW)

    assert [difference.path for difference in refused.value.differences] == ["summary"]


def test_a_draft_may_be_written_anew_under_its_own_number(draft: Edition) -> None:
    values = replace(reading.protocol_values(draft), summary="Ours.", notes=(), edition="99")

    rewrite_draft(draft, values, by=lead())

    draft.refresh_from_db()
    assert (draft.number, draft.summary) == ("1.1", "Ours.")
    assert reading.protocol_values(draft).notes == ()


def test_a_draft_is_discarded_and_a_checked_edition_is_not(draft: Edition, shipped_edition: Edition) -> None:
    with pytest.raises(WrongState, match="its rows stay"):
        discard_draft(shipped_edition, by=lead())

    discard_draft(draft, by=lead())

    assert not Edition.objects.filter(number="1.1").exists()


def test_a_signed_edition_is_not_checked_again(shipped_edition: Edition) -> None:
    with pytest.raises(WrongState, match="This edition is signed by two people"):
        check_edition(signed(shipped_edition), by=lead(), now=NOW)


def test_what_is_done_already_is_not_done_again(draft: Edition, shipped_edition: Edition) -> None:
    edition = in_force(shipped_edition)
    once = retire(edition, on=TODAY, by=lead(), now=NOW)

    again = retire(edition, on=TODAY, by=lead(), now=NOW + timedelta(hours=1))

    assert again.retired_at == once.retired_at
    assert reopen_edition(draft, by=lead()).state == State.DRAFT


def test_an_edition_that_was_never_in_force_may_retire(shipped_edition: Edition) -> None:
    edition = retire(signed(shipped_edition), on=TODAY, by=lead(), now=NOW)

    assert edition.state == State.RETIRED
    assert not Edition.objects.in_force(TODAY).exists()


def test_a_draft_that_has_been_cloned_is_not_discarded(draft: Edition) -> None:
    clone_edition(draft, reason="Further.", by=lead(), now=NOW)

    with pytest.raises(WrongState, match="Discard the copies first"):
        discard_draft(draft, by=lead())

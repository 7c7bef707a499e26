"""A link is bound, expires, answers once, and reading it changes nothing."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from clinic.models import Contact, Escalation, WorkItem
from notifications import acknowledgement, links
from notifications.acknowledgement import answer, ask_for_code, open_link, prove
from notifications.climbing import climb
from notifications.models import Delivery, Ladder, LinkCode, LinkUse
from protocols.refusal import Refusal
from tests.factories.clinic import NOW, TODAY, CheckFactory, EscalationFactory
from tests.factories.notifications import DeliveryFactory, LadderFactory
from tests.notifications.conftest import HOUSE

pytestmark = pytest.mark.django_db
KEYS = HOUSE.link_keys


def about_check(**more: object) -> Delivery:
    """A letter about a check of a child, and the ladder it is a rung of."""
    delivery: Delivery = DeliveryFactory.create(letter="check_due", cause_kind="check", level=2, **more)
    check = CheckFactory.create(enrolment=delivery.enrolment, uid=delivery.cause_uid)
    LadderFactory.create(
        enrolment=delivery.enrolment,
        cause_uid=check.uid,
        counted_on=check.due_on,
        said=2,
        next_at=NOW + timedelta(days=1),
    )
    return delivery


def opened(delivery: Delivery, token: str | None = None, days: int = 0) -> acknowledgement.Opened:
    """Open a delivery's link some days later."""
    return open_link(
        token=token or links.token_of(delivery, keys=KEYS), keys=KEYS, now=NOW + timedelta(days=days)
    )


def test_b18_opening_a_link_a_hundred_times_changes_nothing() -> None:
    """B18: mail scanners open every link; one that acts when read is used up before anybody reads it."""
    delivery = about_check()

    for _ in range(100):
        opened(delivery)

    assert not LinkUse.objects.exists()
    assert Ladder.objects.get().parked_until is None


def test_a_link_works_for_thirty_days() -> None:
    delivery = about_check()

    assert opened(delivery, days=29).delivery == delivery
    with pytest.raises(acknowledgement.LinkExpired):
        opened(delivery, days=30)


@pytest.mark.parametrize("token", ["", "x", "AAAA", "!" * 43, "a" * 43, "ä" * 43])
def test_what_we_did_not_sign_is_not_valid(token: str) -> None:
    with pytest.raises(acknowledgement.LinkNotValid):
        open_link(token=token, keys=KEYS, now=NOW)


@pytest.mark.parametrize(
    "change",
    [{"rung": "another"}, {"edition": "another"}, {"cause_uid": uuid4()}, {"cause_kind": "escalation"}],
    ids=["rung", "edition", "item", "kind"],
)
def test_a_link_is_bound_to_its_item_and_edition(change: dict[str, object]) -> None:
    delivery = DeliveryFactory.create()
    token = links.token_of(delivery, keys=KEYS)
    Delivery.objects.filter(pk=delivery.pk).update(**change)

    with pytest.raises(acknowledgement.LinkNotValid):
        opened(delivery, token)


def test_a_link_is_bound_to_its_reader() -> None:
    delivery, other = DeliveryFactory.create_batch(2)
    token = links.token_of(delivery, keys=KEYS)
    Delivery.objects.filter(pk=delivery.pk).update(reader=other.reader)

    with pytest.raises(acknowledgement.LinkNotValid):
        opened(delivery, token)


def test_a_link_signed_with_the_key_before_this_one_still_works() -> None:
    delivery = DeliveryFactory.create()

    assert opened(delivery, links.token_of(delivery, keys=KEYS[1:])).delivery == delivery


def test_s7_booked_parks_the_ladder_for_two_working_days_more_and_then_goes_one_rung_higher() -> None:
    delivery = about_check()

    answer(delivery=delivery, answer="booked", booked_for=TODAY + timedelta(days=3), now=NOW)

    ladder = Ladder.objects.get()
    # Booked for Thursday; two working days later is Monday, midnight in Chicago.
    assert ladder.parked_until == ladder.next_at == NOW.replace(day=11, hour=6)
    climb(now=NOW + timedelta(days=6))
    assert Delivery.objects.count() == 1
    climb(now=NOW + timedelta(days=7))
    ladder.refresh_from_db()
    assert ladder.said == 4


def test_s7_done_result_follows_is_not_taken_for_done() -> None:
    delivery = about_check()

    answer(delivery=delivery, answer="result_follows", now=NOW)

    assert Ladder.objects.get().stopped_at is None
    assert Ladder.objects.get().parked_until is not None


@pytest.mark.parametrize(
    ("said", "kind"),
    [("cannot", WorkItem.Kind.ASK_AGAIN), ("not_my_patient", WorkItem.Kind.NOT_MY_PATIENT)],
)
def test_a_no_goes_to_a_person_and_the_ladder_goes_on_at_once(said: str, kind: str) -> None:
    delivery = about_check()

    answer(delivery=delivery, answer=said, reason="no cuff of this size", now=NOW)

    assert WorkItem.objects.get().kind == kind
    assert Ladder.objects.get().next_at == NOW


def test_a_link_answers_once() -> None:
    delivery = about_check()
    answer(delivery=delivery, answer="result_follows", now=NOW)

    with pytest.raises(acknowledgement.LinkUsed):
        answer(delivery=delivery, answer="not_my_patient", now=NOW)

    assert LinkUse.objects.get().answer == "result_follows"


@pytest.mark.parametrize(
    ("said", "booked_for", "reason"),
    [
        ("booked", None, ""),
        ("booked", TODAY - timedelta(days=1), ""),
        ("booked", TODAY + timedelta(days=400), ""),
        ("cannot", None, "  "),
        ("deleted", None, ""),
    ],
)
def test_an_unclear_answer_is_refused_with_a_sentence(
    said: str, booked_for: date | None, reason: str
) -> None:
    delivery = about_check()

    with pytest.raises(acknowledgement.AnswerNotClear) as refused:
        answer(delivery=delivery, answer=said, booked_for=booked_for, reason=reason, now=NOW)

    assert refused.value.sentence.startswith(("Please", "This"))
    assert not LinkUse.objects.exists()


def test_an_escalation_is_acknowledged_by_the_clinics_own_verb() -> None:
    delivery = DeliveryFactory.create(letter="escalation_raised", cause_kind="escalation")
    escalation = EscalationFactory.create(enrolment=delivery.enrolment, uid=delivery.cause_uid)
    acknowledged: list[dict[str, object]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("clinic.escalation.acknowledge", lambda **more: acknowledged.append(more))

        answer(delivery=delivery, answer="seen", now=NOW)

    assert acknowledged[0]["escalation"] == Escalation.objects.get(pk=escalation.pk)
    assert acknowledged[0]["by"] == delivery.reader


def test_a_code_goes_to_the_address_of_the_letter_and_is_stored_nowhere() -> None:
    delivery = about_check()

    code = ask_for_code(delivery=delivery, now=NOW)

    letter = Delivery.objects.get(letter="code")
    assert letter.reader == delivery.reader
    digits = links.code_of(code.uid, keys=KEYS)
    assert len(digits) == 6
    assert digits not in repr(list(Delivery.objects.values())) + repr(list(LinkCode.objects.values()))


def test_the_right_code_opens_the_page_for_half_an_hour() -> None:
    delivery = about_check()
    code = ask_for_code(delivery=delivery, now=NOW)

    proof = prove(
        delivery=delivery, typed=links.code_of(code.uid, keys=KEYS), keys=KEYS, now=NOW + timedelta(minutes=1)
    )

    def proven(minutes: int, shown: str = proof) -> bool:
        return acknowledgement.is_proven(
            delivery=delivery, proof=shown, keys=KEYS, now=NOW + timedelta(minutes=minutes)
        )

    assert proven(2)
    assert not proven(32)
    assert not proven(2, "0" * 64)


def test_a_code_is_not_guessed() -> None:
    delivery = about_check()
    code = ask_for_code(delivery=delivery, now=NOW)
    right = links.code_of(code.uid, keys=KEYS)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"

    for _ in range(5):
        with pytest.raises(acknowledgement.CodeNotRight):
            prove(delivery=delivery, typed=wrong, keys=KEYS, now=NOW)
    with pytest.raises(acknowledgement.CodeNotRight):
        prove(delivery=delivery, typed=right, keys=KEYS, now=NOW)


@pytest.mark.parametrize("minutes", [15, 60])
def test_a_code_works_for_a_quarter_of_an_hour(minutes: int) -> None:
    delivery = about_check()
    code = ask_for_code(delivery=delivery, now=NOW)

    with pytest.raises(acknowledgement.CodeNotRight):
        prove(
            delivery=delivery,
            typed=links.code_of(code.uid, keys=KEYS),
            keys=KEYS,
            now=NOW + timedelta(minutes=minutes),
        )


def test_a_code_works_once_and_only_so_many_are_sent() -> None:
    delivery = about_check()
    codes = [ask_for_code(delivery=delivery, now=NOW + timedelta(minutes=n)) for n in range(3)]
    typed = links.code_of(codes[-1].uid, keys=KEYS)
    prove(delivery=delivery, typed=typed, keys=KEYS, now=NOW + timedelta(minutes=4))

    with pytest.raises(acknowledgement.CodeNotRight):
        prove(delivery=delivery, typed=typed, keys=KEYS, now=NOW + timedelta(minutes=4))
    with pytest.raises(acknowledgement.TooManyCodes):
        ask_for_code(delivery=delivery, now=NOW + timedelta(minutes=5))


def test_opting_out_switches_nothing_off_and_makes_a_work_item() -> None:
    delivery = about_check()

    acknowledgement.opt_out(delivery=delivery, now=NOW)
    acknowledgement.opt_out(delivery=delivery, now=NOW)

    assert WorkItem.objects.get().kind == WorkItem.Kind.OPT_OUT
    assert Contact.objects.get(actor=delivery.reader).address_state == "ok"


def test_every_refusal_of_a_link_is_a_sentence_for_its_reader() -> None:
    for refusal in Refusal.__subclasses__():
        if refusal.__module__ == acknowledgement.__name__:
            assert refusal.code != Refusal.code

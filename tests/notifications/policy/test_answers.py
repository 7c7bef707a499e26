"""Permanent and temporary answers are told apart; only an answer about the mailbox condemns an address."""

from __future__ import annotations

import pytest

from notifications.policy.answers import Answer, Meaning, Stage, may_pass, meaning_of


@pytest.mark.parametrize(
    ("stage", "code", "text", "expected", "why"),
    [
        (Stage.CONNECT, None, "", Meaning.SERVER_AWAY, "nobody answers"),
        (Stage.CONNECT, 554, "5.3.2 not now", Meaning.SERVER_AWAY, "the greeting is a refusal of everything"),
        (
            Stage.CONNECT,
            535,
            "5.7.8 bad credentials",
            Meaning.SERVER_AWAY,
            "our log-in is wrong, not the letter",
        ),
        (
            Stage.SENDER,
            550,
            "5.1.8 sender unknown",
            Meaning.SERVER_AWAY,
            "our address is refused, for every letter",
        ),
        (Stage.SENDER, 451, "4.3.0 later", Meaning.TRY_AGAIN, "temporary"),
        (Stage.RECIPIENT, 421, "4.3.2 closing", Meaning.SERVER_AWAY, "the server goes"),
        (Stage.RECIPIENT, 450, "4.2.1 greylisted", Meaning.TRY_AGAIN, "grey list"),
        (Stage.RECIPIENT, 452, "4.2.2 mailbox full", Meaning.TRY_AGAIN, "full today"),
        (Stage.RECIPIENT, 550, "5.1.1 no such user", Meaning.BAD_ADDRESS, "nobody of that name"),
        (Stage.RECIPIENT, 550, "no such user", Meaning.BAD_ADDRESS, "an old server without enhanced codes"),
        (Stage.RECIPIENT, 551, "user not local", Meaning.BAD_ADDRESS, "moved"),
        (
            Stage.RECIPIENT,
            550,
            "5.7.1 relaying denied",
            Meaning.BAD_LETTER,
            "policy says nothing about the mailbox",
        ),
        (Stage.RECIPIENT, 552, "5.2.2 over quota", Meaning.BAD_LETTER, "full for good: a person looks"),
        (Stage.RECIPIENT, 550, "5.2.1 disabled", Meaning.BAD_ADDRESS, "mailbox closed"),
        (Stage.DATA, 554, "5.6.0 malformed", Meaning.BAD_LETTER, "the letter is at fault"),
        (Stage.DATA, 552, "5.3.4 too big", Meaning.BAD_LETTER, "the letter is at fault"),
        (Stage.DATA, 451, "4.7.1 try later", Meaning.TRY_AGAIN, "temporary"),
        (Stage.DATA, None, "", Meaning.UNKNOWN, "it hung up after the letter: it may have been taken"),
        (Stage.RECIPIENT, None, "", Meaning.SERVER_AWAY, "the line broke before the letter"),
        (Stage.RECIPIENT, 299, "odd", Meaning.TRY_AGAIN, "what we cannot read is tried again"),
    ],
)
def test_an_answer_is_read_for_what_it_says(
    stage: Stage, code: int | None, text: str, expected: Meaning, why: str
) -> None:
    assert meaning_of(Answer(stage=stage, code=code, text=text)) is expected, why


@pytest.mark.parametrize(
    ("status", "passes"),
    [
        ("4.2.2", True),
        ("5.2.2", True),
        ("552 5.2.2 mailbox full", True),
        ("4.4.7 (delivery time expired)", True),
        ("5.4.7", True),
        ("", True),
        ("nonsense", True),
        ("5.1.1", False),
        ("5.2.1", False),
        ("5.7.1", False),
        ("5.0.0", False),
    ],
)
def test_a_full_mailbox_and_an_answer_nobody_can_read_condemn_no_address(status: str, passes: bool) -> None:
    assert may_pass(status) is passes

"""The surgical-evaluation referral: that it is asked for, and each reason with its own chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.engine.pathway import Trigger
from protocols.engine.plan import Because, ReferralNeed, ReferralReason
from protocols.engine.surgery import CHILD, met_on
from protocols.engine.trials import CONDITIONS, disease_recorded, lesion_present

if TYPE_CHECKING:
    from protocols.engine.picture import Picture
    from protocols.engine.policy import Rule


def referral_need(picture: Picture) -> ReferralNeed | None:
    """Why a referral is asked for: every rule that asked, and every later condition that joined it."""
    reasons: list[ReferralReason] = []
    for rule in picture.policy.rules:
        if not rule.row.makes_referral:
            continue
        for rise in picture.ledger.of(rule.code):
            because = Because(
                sentence=rise.finding.sentence, facts=rise.finding.facts, rule=rule.code, basis=rule.row.basis
            )
            reasons.append(
                ReferralReason(
                    rule=rule.code,
                    cause_key=rise.key,
                    raised_on=rise.raised_on,
                    basis_withdrawn_on=rise.withdrawn_on,
                    because=because,
                )
            )
        reasons += _joined(rule, picture)
    if not reasons:
        return None
    reasons.sort(key=lambda reason: (reason.raised_on, reason.rule, reason.cause_key))
    return ReferralNeed(
        asked_on=reasons[0].raised_on,
        reasons=tuple(reasons),
        diverted=_under_review(picture),
        ask_about_callosotomy=not lesion_present(picture),
    )


def _joined(rule: Rule, picture: Picture) -> list[ReferralReason]:
    """A condition that was met when the referral had already been sent joins it as one more reason."""
    if (
        any(rise.withdrawn_on is None for rise in picture.ledger.of(rule.code))
        or disease_recorded(picture) is not None
    ):
        return []
    ask = CONDITIONS[rule.row.trigger](rule, picture)
    if ask is None:
        return []
    because = Because(sentence=ask.sentence, facts=ask.facts, rule=rule.code, basis=rule.row.basis)
    return [
        ReferralReason(
            rule=rule.code,
            cause_key=CHILD,
            raised_on=met_on(picture, ask.facts),
            joined=True,
            because=because,
        )
    ]


def _under_review(picture: Picture) -> bool:
    rules = [rule for rule in picture.policy.rules if rule.row.trigger is Trigger.DIVERTED_TO_PERSON]
    return any(rise.stands for rule in rules for rise in picture.ledger.of(rule.code))

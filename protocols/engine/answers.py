"""What a person did that answers an escalation rule, as far as the rule says that it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.engine import facts as f
from protocols.engine.pathway import Settles

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from protocols.engine.picture import Picture
    from protocols.engine.policy import Rule

Acts = list[tuple["date", str]]


def answered(rule: Rule, picture: Picture, since: date) -> tuple[str, ...] | None:
    """The first act that settles a rule on or after a day; a referral counts whenever it was sent."""
    acts = [act for kind in rule.row.settled_by if kind in _ACTS for act in _ACTS[kind](rule, picture, since)]
    return (min(acts)[1],) if acts else None


def _step(kind: f.ReferralStepKind, *, at_any_time: bool = False) -> Callable[[Rule, Picture, date], Acts]:
    def find(_rule: Rule, picture: Picture, since: date) -> Acts:
        steps = picture.known.of(f.ReferralStep)
        return [(x.on, x.id) for x in steps if x.step is kind and (at_any_time or x.on >= since)]

    return find


def _reviews(rule: Rule, picture: Picture, since: date) -> Acts:
    reviews = picture.known.of(f.HumanReview)
    return [(x.on, x.id) for x in reviews if x.on >= since and x.rule in {"", rule.code}]


def _decisions(_rule: Rule, picture: Picture, since: date) -> Acts:
    return [(x.on, x.id) for x in picture.known.of(f.Decision) if x.on >= since]


def _spoken(rule: Rule, picture: Picture, since: date) -> Acts:
    spoken = picture.known.of(f.SpokenTo)
    return [(x.on, x.id) for x in spoken if x.on >= since and x.rule == rule.code]


_ACTS: dict[Settles, Callable[[Rule, Picture, date], Acts]] = {
    Settles.REFERRAL_SENT: _step(f.ReferralStepKind.SENT, at_any_time=True),
    Settles.REFERRAL_DECLINED: _step(f.ReferralStepKind.DECLINED),
    Settles.SECOND_OPINION: _step(f.ReferralStepKind.SECOND_OPINION),
    Settles.HUMAN_REVIEW: _reviews,
    Settles.DECISION: _decisions,
    Settles.SPOKEN_TO: _spoken,
}

"""What is wrong in a pathway edition: every mistake at once, each with its path."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from protocols.engine.facts import ReferralStepKind
from protocols.engine.mistakes import Mistake
from protocols.engine.pathway import Anchor, Basis, NightHour, Sex, Trigger
from protocols.engine.values import MEASURES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from protocols.engine.pathway import EscalationRule, MonitoringRule, PathwayEdition

WANTED: dict[Trigger, tuple[str, ...]] = {
    Trigger.NOT_STARTED: ("days",),
    Trigger.CHECK_LATE: ("check",),
    Trigger.NO_NEXT_THERAPY: ("after", "days"),
    Trigger.MECHANISMS_FAILED: ("mechanisms",),
    Trigger.DRUGS_OF_ONE_MECHANISM_FAILED: ("mechanism", "untried", "drugs"),
    Trigger.DIVERTED_TO_PERSON: ("instead_of",),
    Trigger.NOT_ACTED_ON: ("after", "days"),
    Trigger.BP_LEVEL: ("percentile",),
    Trigger.BP_RECEIVED_LATE: ("older_than_days",),
    Trigger.BP_REPEATED: ("percentile", "days"),
    Trigger.FEVER: ("from_celsius", "window_months"),
    Trigger.LIVE_VACCINE: ("until_months",),
    Trigger.HANDOVER_OR_CONTACT: ("unacknowledged_days",),
}

ALLOWED: dict[Trigger, tuple[str, ...]] = {
    Trigger.CHECK_LATE: ("days_after_due", "days_after_anchor", "days_after_last", "window_must_hold_it"),
    Trigger.NO_NEXT_THERAPY: ("after_intolerance_stop",),
    Trigger.MECHANISMS_FAILED: ("not_when_already_sent", "asked_again_at_next_failure"),
    Trigger.LESION_AND_FAILURE: (
        "or_surgery_chosen_first",
        "not_when_already_sent",
        "asked_again_at_next_failure",
    ),
    Trigger.BP_LEVEL: ("plus_mmhg", "or_symptoms_from_percentile", "calm_repeat_within_days"),
    Trigger.BP_RECEIVED_LATE: ("only_when_later_reading_is_below",),
    Trigger.LIVE_VACCINE: ("from_months",),
}

HOURS_OF_A_DAY = 24
CHECK_LATE_DAYS = ("days_after_due", "days_after_anchor", "days_after_last")


def mistakes_in_pathway(pathway: PathwayEdition) -> list[Mistake]:
    """Every mistake in a pathway, with its path."""
    return [
        *_twice("definitions", [definition.key for definition in pathway.definitions]),
        *_twice("escalation_rules", [rule.code for rule in pathway.escalation_rules]),
        *_twice("monitoring_rules", [_name(rule) for rule in pathway.monitoring_rules]),
        *_twice("targets", [target.key for target in pathway.targets]),
        *_twice("sources", [source.key for source in pathway.sources]),
        *_definitions(pathway),
        *_bp_table(pathway),
        *_rules(pathway),
        *_monitoring(pathway),
        *_night(pathway),
        *_citations(pathway),
    ]


def _name(rule: MonitoringRule) -> str:
    return f"{rule.code} ({rule.part})" if rule.part else rule.code


def _twice(path: str, keys: list[str]) -> Iterator[Mistake]:
    for key, count in Counter(keys).items():
        if count > 1:
            yield Mistake(path=path, sentence=f"{key} stands here {count} times")


def _definitions(pathway: PathwayEdition) -> Iterator[Mistake]:
    keys = [definition.key for definition in pathway.definitions]
    if pathway.adopted_definition not in keys:
        yield Mistake(
            path="adopted_definition",
            sentence=f"{pathway.adopted_definition} is not one of the definitions: {', '.join(keys)}",
        )
    for n, definition in enumerate(pathway.definitions):
        if definition.spasm_free_until_day is None and definition.spasm_free_days is None:
            yield Mistake(
                path=f"definitions[{n}]", sentence="spasm_free_until_day or spasm_free_days must be given"
            )


def _bp_table(pathway: PathwayEdition) -> Iterator[Mistake]:
    rows = pathway.bp_table.rows
    yield from _twice("bp_table.rows", [f"{row.sex} from month {row.from_month}" for row in rows])
    for sex in Sex:
        if not any(row.sex is sex for row in rows):
            yield Mistake(path="bp_table.rows", sentence=f"there is no row for sex {sex}")


# --- rules ------------------------------------------------------------------------------------------------


def _rules(pathway: PathwayEdition) -> Iterator[Mistake]:
    codes = {rule.code for rule in pathway.escalation_rules}
    checks = {rule.code for rule in pathway.monitoring_rules}
    for n, rule in enumerate(pathway.escalation_rules):
        path = f"escalation_rules[{n}]"
        yield from _parameters(rule, path)
        for parameter in rule.parameters:
            words = parameter.value if isinstance(parameter.value, tuple) else (str(parameter.value),)
            if parameter.name in {"after", "instead_of"}:
                yield from _unknown(path, parameter.name, words, codes, "rule")
            if parameter.name == "check":
                yield from _unknown(path, parameter.name, words, checks, "check")


def _parameters(rule: EscalationRule, path: str) -> Iterator[Mistake]:
    given = [parameter.name for parameter in rule.parameters]
    wanted = WANTED.get(rule.trigger, ())
    yield from _twice(f"{path}.parameters", given)
    for name in wanted:
        if name not in given:
            yield Mistake(path=f"{path}.parameters", sentence=f"{rule.trigger} needs {name}")
    if rule.trigger is Trigger.CHECK_LATE and sum(name in given for name in CHECK_LATE_DAYS) != 1:
        sentence = f"{rule.trigger} needs one of {', '.join(CHECK_LATE_DAYS)}"
        yield Mistake(path=f"{path}.parameters", sentence=sentence)
    known = {*wanted, *ALLOWED.get(rule.trigger, ())}
    yield from _percentiles(rule, path)
    for name in given:
        agent_days = rule.trigger is Trigger.EXPOSURE and name.endswith("_days")
        if name not in known and not agent_days:
            sentence = f"{rule.trigger} knows no {name}; known: {', '.join(sorted(known)) or 'none'}"
            yield Mistake(path=f"{path}.parameters", sentence=sentence)


PERCENTILES = (90, 95)


def _percentiles(rule: EscalationRule, path: str) -> Iterator[Mistake]:
    """A percentile names a column of the blood-pressure table."""
    for parameter in rule.parameters:
        if (
            parameter.name in {"percentile", "or_symptoms_from_percentile"}
            and parameter.value not in PERCENTILES
        ):
            sentence = (
                f"the table has no {parameter.value}th percentile; it has {', '.join(map(str, PERCENTILES))}"
            )
            yield Mistake(path=f"{path}.parameters.{parameter.name}", sentence=sentence)


def _unknown(path: str, name: str, words: Iterable[str], known: set[str], what: str) -> Iterator[Mistake]:
    for word in words:
        if word not in known:
            yield Mistake(path=f"{path}.parameters.{name}", sentence=f"there is no {what} {word}")


def _monitoring(pathway: PathwayEdition) -> Iterator[Mistake]:
    codes = {rule.code for rule in pathway.escalation_rules}
    for n, rule in enumerate(pathway.monitoring_rules):
        path = f"monitoring_rules[{n}]"
        if not rule.windows and rule.longest_gap is None:
            yield Mistake(path=path, sentence="windows or longest_gap must be given")
        known = _STEPS if rule.anchor is Anchor.REFERRAL_STEP else codes
        if (rule.level or rule.anchor is Anchor.REFERRAL_STEP) and rule.level not in known:
            sentence = f"{rule.level!r} is not one of {', '.join(sorted(known))}"
            yield Mistake(path=f"{path}.level", sentence=sentence)
        if rule.anchor in _BY_LEVEL and not rule.level:
            yield Mistake(path=f"{path}.level", sentence=f"{rule.anchor} needs the code of a rule")
        if rule.anchor is Anchor.EXPOSURE and not rule.agent:
            yield Mistake(path=f"{path}.agent", sentence="an exposure rule needs an agent")
        yield from _unknown_rules(f"{path}.answers", rule.answers, codes)
        if rule.anchor is Anchor.VALUE:
            yield from _measure(rule, path)


def _measure(rule: MonitoringRule, path: str) -> Iterator[Mistake]:
    if rule.measure not in MEASURES:
        sentence = f"{rule.measure!r} is not one of {', '.join(MEASURES)}"
        yield Mistake(path=f"{path}.measure", sentence=sentence)
    if rule.at_least is None and rule.below is None:
        yield Mistake(path=path, sentence="at_least or below must be given")


def _unknown_rules(path: str, answers: tuple[str, ...], codes: set[str]) -> Iterator[Mistake]:
    for code in answers:
        if code not in codes:
            yield Mistake(path=path, sentence=f"there is no rule {code}")


_BY_LEVEL = frozenset({Anchor.HIGH_BP, Anchor.ESCALATION, Anchor.FIRST_FAILURE_UNIMAGED})
_STEPS = frozenset(kind.value for kind in ReferralStepKind)


# --- sources ----------------------------------------------------------------------------------------------


def _night(pathway: PathwayEdition) -> Iterator[Mistake]:
    """Both hours of the night or neither, each an hour of the clock."""
    hours = {target.key: target.value for target in pathway.targets if target.key in set(NightHour)}
    for missing in sorted(set(NightHour) - hours.keys()) if hours else ():
        yield Mistake(path="targets", sentence=f"{missing} is missing: a night has a beginning and an end")
    for key, value in hours.items():
        if isinstance(value, bool) or not isinstance(value, int) or value not in range(HOURS_OF_A_DAY):
            yield Mistake(path="targets", sentence=f"{key} is a whole hour from 0 to 23")


def _citations(pathway: PathwayEdition) -> Iterator[Mistake]:
    known = {source.key for source in pathway.sources}
    for path, basis in _bases(pathway):
        if basis.source and basis.source not in known:
            yield Mistake(path=path, sentence=f"there is no source {basis.source}")


def _bases(pathway: PathwayEdition) -> Iterator[tuple[str, Basis]]:
    yield "episode.basis", pathway.episode.basis
    yield "eeg.basis", pathway.eeg.basis
    yield "bp_table.basis", pathway.bp_table.basis
    for name in ("first_choices", "definitions", "monitoring_rules", "escalation_rules", "rungs", "targets"):
        for n, row in enumerate(getattr(pathway, name)):
            yield f"{name}[{n}].basis", row.basis
    for n, row in enumerate(pathway.bp_table.rows):
        yield f"bp_table.rows[{n}].basis", row.basis
    for n, rule in enumerate(pathway.escalation_rules):
        for m, parameter in enumerate(rule.parameters):
            if parameter.basis is not None:
                yield f"escalation_rules[{n}].parameters[{m}].basis", parameter.basis

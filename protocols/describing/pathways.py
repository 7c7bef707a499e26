"""One pathway as a Markdown page: what is watched, what counts as response, who is told when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from protocols.describing.tables import markdown_table
from protocols.describing.watching import basis_words, watching_table
from protocols.engine.pathway import (
    AppliesTo,
    EscalationRule,
    PathwayEdition,
    ResponseDefinition,
    Span,
    Value,
)
from protocols.engine.spans import words

ABOUT = (
    "Generated from the library; a change belongs there. Days and months count from the fact that is named;",
    "the start of treatment is day 0 here. Marks: V verified, V2 in a secondary copy, G general knowledge",
    "and not verified, D a clinic's default, P policy without a clinical source.",
)
APPLIES = {
    AppliesTo.HORMONAL: "On a hormone",
    AppliesTo.VIGABATRIN: "On vigabatrin",
    AppliesTo.EPISODE: "For each treatment episode",
    AppliesTo.CHILD: "For the child",
}


def pathway_page(pathway: PathwayEdition) -> str:
    """The whole page."""
    sections = (
        _head(pathway),
        _table("First choice", ("Cause", "Protocols", "Note", "Basis"), _first_choices(pathway)),
        *(
            _section(f"Watched: {title.lower()}", watching_table(pathway, applies_to={kind}))
            for kind, title in APPLIES.items()
        ),
        _section("Episode and EEG", [f"- {line}" for line in _policies(pathway)]),
        _section("Response", [f"- {_definition(d, pathway)}" for d in pathway.definitions]),
        _table("Escalations", ("Rule", "When", "Urgency", "Who", "Asks for", "Basis"), _escalations(pathway)),
        _table("Reminders", ("Ladder", "Step", "Who", "After", "Urgency", "Basis"), _rungs(pathway)),
        _table("Blood pressure, mmHg", ("Sex", "From month", "90th", "95th", "Basis"), _pressures(pathway)),
        _table("Targets", ("Target", "Value", "Basis"), _targets(pathway)),
        _section("Sources", [f"- {s.key}: {s.citation} {s.url} {s.note}".rstrip() for s in pathway.sources]),
    )
    return "\n".join(line for section in sections for line in section).rstrip() + "\n"


def _head(pathway: PathwayEdition) -> list[str]:
    return [
        f"# {pathway.title}",
        "",
        f"Pathway `{pathway.key}`, edition {pathway.edition}.",
        "",
        pathway.summary,
        "",
        *ABOUT,
        "",
    ]


def _section(title: str, lines: list[str]) -> list[str]:
    return [f"## {title}", "", *lines, ""] if lines else []


def _table(title: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    listed = list(rows)
    return _section(title, markdown_table(head, listed) if listed else [])


def _first_choices(pathway: PathwayEdition) -> Iterator[tuple[str, ...]]:
    for choice in pathway.first_choices:
        protocols = ", ".join(f"[{key}]({key}.md)" for key in choice.protocols)
        yield choice.etiology, protocols, choice.note, basis_words(choice.basis)


def _policies(pathway: PathwayEdition) -> Iterator[str]:
    episode = pathway.episode
    basis = f"[{basis_words(episode.basis)}]"
    joined, counts_after = episode.joined_within_days, episode.running_course_counts_after_days
    yield f"Courses started within {joined} days of one another are one treatment episode. {basis}"
    yield f"A running course counts with a later episode after {counts_after} days. {basis}"
    later = "takes over" if episode.rebase_on_later_drug else "never cancels"
    yield f"A later drug {later} an EEG that is not yet done. {basis}"
    yield f"Vigabatrin is judged from the {str(episode.vigabatrin_judged_from).replace('-', ' ')}. {basis}"
    if episode.missed_doses_question_trial is not None:
        yield f"{episode.missed_doses_question_trial} missed doses put a trial in question. {basis}"
    yield from _recordings(pathway)


def _recordings(pathway: PathwayEdition) -> Iterator[str]:
    """What an EEG and a blood pressure count for."""
    eeg, pressure = pathway.eeg, pathway.bp_table
    basis = f"[{basis_words(eeg.basis)}]"
    sleep = "sleep and " if eeg.sleep_required else ""
    yield f"An EEG counts from {eeg.counts_from_day} days after the start. {basis}"
    yield f"It can show that the pattern is gone with {sleep}{eeg.adequate_minutes} minutes or more. {basis}"
    if eeg.positive_counts_at_any_length:
        yield f"A recording that shows the pattern counts at any length. {basis}"
    yield f"A BASED score of {eeg.based_positive_from} or more shows it. {basis}"
    if pressure.systolic_alone_under_months is not None:
        under, basis = pressure.systolic_alone_under_months, f"[{basis_words(pressure.basis)}]"
        yield f"Under {under} months the systolic pressure alone sets the level. {basis}"


def _definition(definition: ResponseDefinition, pathway: PathwayEdition) -> str:
    adopted = " (adopted)" if definition.key == pathway.adopted_definition else ""
    convention = str(definition.convention).replace("-", " ")
    name = f"**{definition.title}** (`{definition.key}`){adopted}"
    parts = [f"{name}: no spasm after day {definition.last_spasm_day}"]
    if definition.spasm_free_until_day is not None:
        parts.append(f"up to day {definition.spasm_free_until_day}")
    if definition.spasm_free_days is not None:
        parts.append(f"{definition.spasm_free_days} days free of spasms")
    if definition.eeg_required:
        parts.append("with an EEG")
    if definition.asked_on_or_after_day is not None:
        parts.append(f"the family asked on or after day {definition.asked_on_or_after_day}")
    boundary = f"a spasm exactly on the boundary: {str(definition.boundary).replace('-', ' ')}"
    return f"{', '.join([*parts, boundary])} ({convention}) [{basis_words(definition.basis)}]"


def _escalations(pathway: PathwayEdition) -> Iterator[tuple[str, ...]]:
    for rule in pathway.escalation_rules:
        yield (
            f"{rule.code} {rule.name}",
            _trigger(rule),
            str(rule.urgency),
            ", ".join(f"{r.role} ({r.purpose})" if r.purpose else str(r.role) for r in rule.recipients),
            _asked(rule),
            "; ".join([basis_words(rule.basis), *_parameter_bases(rule)]),
        )


def _trigger(rule: EscalationRule) -> str:
    named = [f"{parameter.name.replace('_', ' ')} {_value(parameter.value)}" for parameter in rule.parameters]
    trigger = str(rule.trigger).replace("-", " ")
    return f"{trigger}: {'; '.join(named)}" if named else trigger


def _asked(rule: EscalationRule) -> str:
    act_by = "" if rule.act_by is None else f" Act {_within(rule.act_by)}."
    referral = " Makes a referral." if rule.makes_referral else ""
    return f"{rule.asks_for}{act_by}{referral} {rule.rationale}".strip()


def _within(span: Span) -> str:
    return f"within {words(span)}" if span.count else "the same day"


def _parameter_bases(rule: EscalationRule) -> Iterator[str]:
    for parameter in rule.parameters:
        if parameter.basis is not None:
            yield f"{parameter.name.replace('_', ' ')}: {basis_words(parameter.basis)}"


def _value(value: Value) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ", ".join(value)
        case _:
            return str(value)


def _rungs(pathway: PathwayEdition) -> Iterator[tuple[str, ...]]:
    for rung in pathway.rungs:
        yield (
            rung.ladder,
            str(rung.step),
            str(rung.role),
            words(rung.delay),
            str(rung.urgency),
            basis_words(rung.basis),
        )


def _pressures(pathway: PathwayEdition) -> Iterator[tuple[str, ...]]:
    for row in pathway.bp_table.rows:
        high, very_high = f"{row.sbp90}/{row.dbp90}", f"{row.sbp95}/{row.dbp95}"
        yield str(row.sex), str(row.from_month), high, very_high, basis_words(row.basis)


def _targets(pathway: PathwayEdition) -> Iterator[tuple[str, ...]]:
    for target in pathway.targets:
        yield target.title, f"{_value(target.value)} {target.unit}".strip(), basis_words(target.basis)

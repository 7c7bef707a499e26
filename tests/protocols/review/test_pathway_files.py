"""Pathways travel as files: without loss, and with every mistake at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from protocols.engine.bloodpressure import level_of, rows_at
from protocols.engine.citing import Mark
from protocols.engine.facts import Child
from protocols.engine.pathway import Basis, NightHour, Parameter, Sex, Target, Trigger, Value
from protocols.engine.pathway_checking import mistakes_in_pathway
from protocols.engine.policy import policy_of
from protocols.library_files.library import SHIPPED, LibraryInvalid
from protocols.library_files.pathways import pathway_files, read_pathway, read_pathway_file, write_pathway
from tests.protocols.review.plans import CHILD, day, pressure
from tests.protocols.review.stories import FIRST_LINE, REFERENCE

POLICY = Basis(mark=Mark.POLICY)
TEXTS = {key: path.read_text(encoding="utf-8") for key, path in pathway_files().items()}


def test_two_pathways_ship() -> None:
    assert set(TEXTS) == {"iess-reference", "iess-first-line"}
    assert (SHIPPED / "pathways").is_dir()


@pytest.mark.parametrize("key", sorted(TEXTS))
def test_a_shipped_file_is_written_the_canonical_way_and_loses_nothing(key: str) -> None:
    pathway = read_pathway_file(key)

    assert write_pathway(pathway) == TEXTS[key]
    assert read_pathway(write_pathway(pathway)) == pathway


def test_every_mistake_is_said_with_its_path() -> None:
    text = (
        TEXTS["iess-reference"]
        .replace("longest_gap: 4 days", "longest_gap: often")
        .replace("urgency: emergency", "urgency: loud", 1)
        .replace("last_spasm_day: 14", "last_spasm_day: soon", 1)
        .replace("until: last-dose\n", "until: last-dose\n    colour: red\n", 1)
        .replace("basis: V R12\n", "basis: surely\n", 1)
        .replace("recipients: [clinic lead]", "recipients: [the boss]", 1)
        .replace("{name: days, value: 8}", "{name: days, value: {}}", 1)
    )

    with pytest.raises(LibraryInvalid) as refused:
        read_pathway(text)

    said = str(refused.value)
    for part in (
        "monitoring_rules[0].longest_gap: a span of time is wanted here",
        "monitoring_rules[0].colour: unknown key",
        "definitions[0].last_spasm_day: a whole number is wanted here",
        ".urgency:",
        ".basis: a basis is wanted here",
        ".recipients[0]: a recipient is wanted here",
        ".parameters[1].value: true, false, a number, a word or a list of words is wanted here, not a map",
    ):
        assert part in said


def test_a_file_is_named_after_its_key() -> None:
    with pytest.raises(LibraryInvalid, match=r"the file is not named iess-reference\.yaml"):
        read_pathway(TEXTS["iess-reference"], path="pathways/other.yaml")


def test_text_that_is_no_yaml_is_refused() -> None:
    with pytest.raises(LibraryInvalid, match="not YAML"):
        read_pathway("key: [")


def test_an_unknown_pathway_has_no_file() -> None:
    with pytest.raises(KeyError):
        read_pathway_file("nothing")


def test_a_pathway_that_contradicts_itself_is_refused_with_everything_that_is_wrong() -> None:
    rules = REFERENCE.escalation_rules
    by_code = {rule.code: n for n, rule in enumerate(rules)}
    changed = list(rules)
    e03, e09, e14 = (rules[by_code[code]] for code in ("E03", "E09", "E14"))
    changed[by_code["E03"]] = replace(e03, parameters=(Parameter(name="after", value=("E99",)),))
    changed[by_code["E08a"]] = replace(
        rules[by_code["E08a"]], parameters=(Parameter(name="percentile", value=97),)
    )
    changed[by_code["E09"]] = replace(e09, parameters=(Parameter(name="check", value="NO"),))
    changed[by_code["E14"]] = replace(
        e14, parameters=(*e14.parameters, *e14.parameters, Parameter(name="colour", value="red"))
    )
    monitoring = list(FIRST_LINE.monitoring_rules)
    monitoring[0] = replace(monitoring[0], longest_gap=None)
    positions = {(rule.code, rule.part): n for n, rule in enumerate(monitoring)}
    for key, change in (
        (("BP-RECHECK", "90th"), {"level": ""}),
        (("EXPOSURE", "measles"), {"agent": "", "answers": ("E98",)}),
        (("REFERRAL", "seen"), {"level": "lost"}),
    ):
        monitoring[positions[key]] = replace(monitoring[positions[key]], **change)
    definition = replace(REFERENCE.definitions[0], spasm_free_days=None)
    wrong = replace(
        REFERENCE,
        adopted_definition="none",
        definitions=(definition, definition),
        bp_table=replace(
            REFERENCE.bp_table, rows=tuple(r for r in REFERENCE.bp_table.rows if r.sex is Sex.MALE)
        ),
        escalation_rules=tuple(changed),
        monitoring_rules=tuple(monitoring),
        sources=REFERENCE.sources[1:],
    )

    said = "\n".join(str(mistake) for mistake in mistakes_in_pathway(wrong))

    for part in (
        "adopted_definition: none is not one of the definitions",
        "definitions: west-delphi stands here 2 times",
        "definitions[0]: spasm_free_until_day or spasm_free_days must be given",
        "bp_table.rows: there is no row for sex f",
        "there is no rule E99",
        "no-next-therapy needs days",
        "there is no check NO",
        "check-late needs one of days_after_due, days_after_anchor, days_after_last",
        "until_months stands here 2 times",
        "the table has no 97th percentile; it has 90, 95",
        "live-vaccine knows no colour; known: from_months, until_months",
        "monitoring_rules[0]: windows or longest_gap must be given",
        "high-bp needs the code of a rule",
        "an exposure rule needs an agent",
        "there is no rule E98",
        "'lost' is not one of declined, outcome",
        "first_choices[0].basis: there is no source P7",
    ):
        assert part in said


def test_a_rule_without_its_kind_of_parameters_says_that_none_are_known() -> None:
    rule = next(r for r in REFERENCE.escalation_rules if r.trigger is Trigger.RELAPSE)
    wrong = replace(rule, parameters=(Parameter(name="days", value=3),))

    said = mistakes_in_pathway(replace(REFERENCE, escalation_rules=(wrong,)))

    assert any("relapse knows no days; known: none" in str(mistake) for mistake in said)


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ({NightHour.FROM: 21}, "letters_rest_until_hour is missing: a night has a beginning and an end"),
        ({NightHour.FROM: 24, NightHour.UNTIL: 7}, "letters_rest_from_hour is a whole hour from 0 to 23"),
        (
            {NightHour.FROM: 21, NightHour.UNTIL: "7"},
            "letters_rest_until_hour is a whole hour from 0 to 23",
        ),
        ({NightHour.FROM: True, NightHour.UNTIL: 7}, "letters_rest_from_hour is a whole hour from 0 to 23"),
    ],
)
def test_a_night_has_both_its_hours(hours: dict[str, Value], said: str) -> None:
    night = tuple(Target(key=key, title=key, value=hour, basis=POLICY) for key, hour in hours.items())

    assert [str(mistake) for mistake in mistakes_in_pathway(replace(REFERENCE, targets=night))] == [
        f"targets: {said}"
    ]


def test_the_indexed_form_of_a_pathway_is_kept_and_its_store_does_not_grow() -> None:
    many = [replace(REFERENCE, edition=str(n)) for n in range(40)]

    assert all(policy_of(pathway).pathway is pathway for pathway in many)
    assert policy_of(REFERENCE) is policy_of(REFERENCE)


@pytest.mark.parametrize(
    ("born", "from_month"),
    [("2026-12-25", 1), ("2026-11-09", 1), ("2026-10-09", 3), ("2026-01-10", 9), ("2026-01-09", 12)],
)
def test_the_table_row_is_the_one_at_or_below_the_age(born: str, from_month: int) -> None:
    child = Child(id="c", sex=Sex.FEMALE, born_on=day(born))

    (row,) = rows_at(REFERENCE.bp_table, child, day("2027-01-09"))

    assert (row.sex, row.from_month) == (Sex.FEMALE, from_month)


def test_an_unknown_sex_or_age_takes_the_stricter_row() -> None:
    policy = policy_of(REFERENCE)
    unknown = Child(id="c")

    level = level_of(pressure("2027-01-09", 95, None), unknown, REFERENCE.bp_table, policy.limits)

    assert level is not None
    assert level.row.sex is Sex.FEMALE
    assert level_of(pressure("2027-01-09", 93, None), unknown, REFERENCE.bp_table, policy.limits) is None
    assert level_of(pressure("2027-01-09", 95, None), CHILD, REFERENCE.bp_table, policy.limits) is None

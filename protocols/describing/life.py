"""The life of an edition as a page: printed from the table that the trigger and the verbs obey."""

from __future__ import annotations

from protocols import models, signing
from protocols.models.editions import SET_ONCE, STEPS
from protocols.shapes import PATHWAY_ROWS, PATHWAY_SOURCES, PROTOCOL_ROWS, Shape, every_shape

# What leads from one state to the next: the verb, who may, and what must hold.
VERBS: dict[tuple[str, str], tuple[str, tuple[str, ...], str]] = {
    ("draft", "checked"): ("check_edition", signing.MAY_DRAFT, "it has no mistake"),
    ("checked", "draft"): (
        "reopen_edition",
        signing.MAY_DRAFT,
        "it is not shipped; a first signature is void",
    ),
    ("checked", "signed"): (
        "sign_edition",
        signing.MAY_SIGN_SECOND,
        f"it says what was checked, and another person signed first ({', '.join(signing.MAY_SIGN_FIRST)})",
    ),
    ("signed", "in_force"): ("put_in_force", signing.MAY_PUBLISH, "the day has not passed"),
    ("signed", "retired"): ("retire", signing.MAY_PUBLISH, "it was never put in force"),
    ("in_force", "retired"): ("retire", signing.MAY_PUBLISH, "not before the day it came into force"),
}


def page() -> str:
    """The page in Markdown."""
    return "\n".join([*_head(), *_diagram(), "", *_table(), "", *_what_stays(), ""])


def _head() -> list[str]:
    return [
        "# The life of an edition",
        "",
        "Generated from the code: `python manage.py describe_editions --write`. The verbs in",
        "`protocols/signing.py` and a trigger in the database obey the same table of steps.",
        "",
    ]


def _diagram() -> list[str]:
    arrows = [f"    {old} --> {new}: {VERBS[old, new][0]}" for old, new in STEPS]
    ends = ["    [*] --> draft: clone_edition, draft_from", "    [*] --> checked: load_library"]
    return ["```mermaid", "stateDiagram-v2", *ends, *arrows, "    retired --> [*]", "```"]


def _table() -> list[str]:
    state = models.Edition.State
    rows = [
        f"| {state(old).label} | {state(new).label} | `{verb}` | {', '.join(who)} | {holds} |"
        for (old, new), (verb, who, holds) in ((step, VERBS[step]) for step in STEPS)
    ]
    return ["| from | to | verb | who may | what must hold |", "|---|---|---|---|---|", *rows]


def _what_stays() -> list[str]:
    protocols = (*every_shape(PROTOCOL_ROWS),)
    pathways = (*every_shape(PATHWAY_ROWS), PATHWAY_SOURCES)
    return [
        "## What the database refuses",
        "",
        "From the check on, no row below the edition is changed, deleted or added:",
        "",
        f"- of a protocol: {_names(protocols)}, {models.ProtocolCitation._meta.verbose_name};",
        f"- of a pathway: {_names(pathways)}.",
        "",
        "Once two people signed, only these columns of the edition may be set, each once:",
        f"{', '.join(SET_ONCE)}.",
        "From the first signature on, the drugs, products and sources that a protocol rests on stay too.",
    ]


def _names(shapes: tuple[Shape, ...]) -> str:
    return ", ".join(str(shape.model._meta.verbose_name) for shape in shapes)

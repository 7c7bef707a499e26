"""One protocol as a Markdown page that a clinician can read, check and hold against the sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from protocols.describing.rows import marks, rows_of
from protocols.describing.tables import doses_table, volumes_tables
from protocols.describing.variants import variants_of
from protocols.describing.watching import watching_table
from protocols.engine.checking import allowed_words, rows_in
from protocols.engine.citing import Cited, Source
from protocols.engine.course import choices_of, drugs_of
from protocols.engine.formulary import Form, Product
from protocols.engine.limits import LabelRange
from protocols.engine.pathway import AppliesTo, PathwayEdition
from protocols.engine.quantities import short_text
from protocols.engine.regimen import Choice, Condition, ProtocolEdition
from protocols.engine.terms import Basis, Convention
from protocols.library_files.library import Library

DECIMALS = 3
ABOUT = (
    "Generated from the protocol library; a change belongs there. Not a prescribing reference: a clinician",
    "checks every number against the current label or paper before it is used. Day 1 is the date of the",
    "first dose. Marks: V verified in the source, V2 in a secondary copy, G general knowledge and not",
    "verified, P policy without a clinical source.",
)


def page_of(edition: ProtocolEdition, *, library: Library, pathway: PathwayEdition | None = None) -> str:
    """The whole page; with a pathway, also what it watches while the protocol's drugs are given."""
    sections = (
        _head(edition),
        _parts(edition, library=library),
        *_courses(edition, library=library),
        _section("The rows", rows_of(edition, library=library)),
        _section("Choices", _choices(edition, library=library)),
        _section("Decided by a prescriber", (_condition(condition) for condition in edition.conditions)),
        _section("Limits", _limits(edition)),
        _section("Response is judged", _judgements(edition)),
        _watched(edition, pathway, library=library),
        _section("Standing warnings", (f"{a.text} {marks(a.cited)}" for a in edition.advice)),
        _section("To know", (f"**{n.topic}.** {n.text} {marks(n.cited)}" for n in edition.notes)),
        _section("Products", _products(edition, library=library)),
        _section("Sources", _sources(edition, library=library)),
    )
    return "\n".join(line for section in sections for line in section).rstrip() + "\n"


def _head(edition: ProtocolEdition) -> list[str]:
    return [
        f"# {edition.name}",
        "",
        f"`{edition.key}`, edition {edition.edition}. {marks(edition.cited)}",
        "",
        edition.summary,
        "",
        *ABOUT,
        "",
    ]


def _parts(edition: ProtocolEdition, *, library: Library) -> list[str]:
    items = []
    for part in edition.parts:
        name = library.editions[part.protocol].name
        given = f" (where {part.given.choice} is {part.given.equals})" if part.given else ""
        items.append(f"[{name}]({part.protocol}.md){given}")
    return _section("Combines, from the same day", items)


def _courses(edition: ProtocolEdition, *, library: Library) -> Iterator[list[str]]:
    for variant in variants_of(edition, formulary=library.formulary):
        table = doses_table(edition, variant, library=library)
        yield [f"## {variant.title}", "", *table, ""]
    yield from volumes_tables(edition, library=library)


def _section(title: str, items: Iterable[str]) -> list[str]:
    lines = [f"- {item.strip()}" for item in items]
    return [f"## {title}", "", *lines, ""] if lines else []


def _choices(edition: ProtocolEdition, *, library: Library) -> Iterator[str]:
    for choice in choices_of(edition, formulary=library.formulary):
        yield f"**{choice.title}** (`{choice.name}`): {_choice_words(choice)} {marks(choice.cited)}"


def _choice_words(choice: Choice) -> str:
    default = "to be entered by the clinic" if choice.default is None else f"default {choice.default}"
    meanings = "; ".join(f"{a.value}: {a.words}" for a in choice.allowed if a.words)
    hidden = ", ".join(a.value for a in choice.allowed if not a.offered)
    words = [f"{allowed_words(choice)}; {default}."]
    if meanings:
        words.append(f"{meanings.rstrip('.')}.")
    if hidden:
        words.append(f"Not offered when a course is started: {hidden}.")
    if choice.dispute:
        words.append(f"Disputed: {choice.dispute}")
    return " ".join(words)


def _watched(edition: ProtocolEdition, pathway: PathwayEdition | None, *, library: Library) -> list[str]:
    """What the pathway watches while the drugs of this protocol are given."""
    if pathway is None:
        return []
    drugs = drugs_of(edition, formulary=library.formulary)
    classes = {AppliesTo(library.formulary.drugs[key].drug_class) for key in drugs}
    table = watching_table(pathway, applies_to={*classes, AppliesTo.EPISODE})
    link = f"By the pathway [{pathway.title}](pathway-{pathway.key}.md), which a clinic may adopt or change."
    return ["## Watched meanwhile", "", link, "", *table, ""]


def _condition(condition: Condition) -> str:
    last = f" to {condition.to_day}" if condition.to_day else " on"
    who = f"a named {condition.decided_by}"
    return (
        f"{condition.question} Asked on day {condition.asked_on_day}; {who} may take "
        f'the step from day {condition.from_day}{last}. Until then the calendar says "not decided". '
        f"{marks(condition.cited)}"
    )


def _limits(edition: ProtocolEdition) -> Iterator[str]:
    for maximum in edition.maxima:
        per = "/kg" if maximum.basis is Basis.PER_KG else ""
        amount = f"{short_text(maximum.amount, decimals=DECIMALS)} {maximum.unit}{per}/day of {maximum.drug}"
        yield f"At most {amount}, before and after rounding. {marks(maximum.cited)}"
    for caution in edition.cautions:
        amount = f"{short_text(caution.above, decimals=DECIMALS)} {caution.unit}/kg/day of {caution.drug}"
        yield f"Above {amount}: {caution.text} (`{caution.code}`). {marks(caution.cited)}"
    for label in edition.label_ranges:
        yield f"{label.label}: {label.text} {_forbids(label)}{marks(label.cited)}"


def _forbids(label: LabelRange) -> str:
    return "Contraindicated. " if label.contraindicated else ""


def _judgements(edition: ProtocolEdition) -> Iterator[str]:
    for judged in edition.judgements:
        first_is_one = judged.convention is Convention.FIRST_DOSE_IS_DAY_1
        how = "the first dose being day 1" if first_is_one else "counted from the start, the start being 0"
        days = (
            f"day {judged.first}" if judged.first == judged.last else f"days {judged.first} to {judged.last}"
        )
        eeg = " With an EEG." if judged.eeg else ""
        yield f"{judged.definition}: {judged.text}{eeg} ({days}, {how}) {marks(judged.cited)}"


def _products(edition: ProtocolEdition, *, library: Library) -> Iterator[str]:
    for key in drugs_of(edition, formulary=library.formulary):
        drug = library.formulary.drugs[key]
        products = library.formulary.products_of(key)
        if drug.note or not products:
            note = drug.note or "No product in the library: no volumes are shown."
            yield f"**{drug.name}.** {note} {marks(drug.cited)}"
        yield from (_product(product, unit=drug.unit) for product in products)


def _product(product: Product, *, unit: str) -> str:
    measured = "tablets" if product.form is Form.TABLET else "mL"
    container = f", {product.container} of {product.container_holds} {unit}" if product.container else ""
    words = [
        f"{product.name} (`{product.key}`): measured in steps of {product.step} {measured},",
        f"rounded {product.rounding}{container}.",
        product.storage,
        product.note,
        marks(product.cited),
    ]
    return " ".join(filter(None, words))


def _sources(edition: ProtocolEdition, *, library: Library) -> Iterator[str]:
    formulary = library.formulary
    drugs = [formulary.drugs[key] for key in drugs_of(edition, formulary=formulary)]
    products = [product for drug in drugs for product in formulary.products_of(drug.key)]
    rows = (row for top in (edition, *drugs, *products) for _, row in rows_in(top))
    cited = {row.source for row in rows if isinstance(row, Cited) and row.source}
    for key in sorted(cited, key=lambda source: (len(source), source)):
        yield _source(library.sources[key])


def _source(source: Source) -> str:
    note = f" {source.note}" if source.note else ""
    return f"{source.key}: {source.citation}. {source.url}{note}"


def sources_page(library: Library) -> str:
    """Everything that was read, whether or not a protocol cites it."""
    head = [
        "# Sources",
        "",
        "Generated from the protocol library. What a mark means stands on each protocol page.",
        "",
    ]
    return "\n".join([*head, *(f"- {_source(source)}" for source in library.sources.values()), ""])

"""The library of drugs, products, sources and protocols, read whole from a folder of YAML files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from protocols.engine.checking import mistakes_in_drug, mistakes_in_edition
from protocols.engine.citing import Source
from protocols.engine.course import Formulary
from protocols.engine.formulary import Drug, ExampleChild, MeasurementRange, Product
from protocols.engine.mistakes import Mistake
from protocols.engine.regimen import ProtocolEdition
from protocols.library_files.shapes import read_row, write_row
from protocols.library_files.yaml_text import read_tree, write_tree
from protocols.refusal import Refusal

SHIPPED = Path(__file__).parent.parent / "library"

Row = TypeVar("Row")


class LibraryInvalid(Refusal):
    """The files cannot be used: every mistake in them, each with its path."""

    code = "library-invalid"

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        lines = "\n".join(str(mistake) for mistake in mistakes)
        super().__init__(f"The file has {len(mistakes)} mistake(s); mend them and try again.\n{lines}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesFile:
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurementsFile:
    measurements: tuple[MeasurementRange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamplesFile:
    children: tuple[ExampleChild, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugFile:
    """A drug with the products it comes as."""

    drug: Drug
    products: tuple[Product, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """Everything the library says, by key."""

    sources: Mapping[str, Source]
    measurements: Mapping[str, MeasurementRange]
    examples: tuple[ExampleChild, ...]
    formulary: Formulary

    @property
    def editions(self) -> Mapping[str, ProtocolEdition]:
        return self.formulary.editions


def read_library(folder: Path = SHIPPED) -> Library:
    """The library of a folder. Raises LibraryInvalid with all mistakes of all files."""
    return library_of(texts_in(folder))


def texts_in(folder: Path) -> dict[str, str]:
    """The texts of the drug and protocol files by relative path (pathways have a reader of their own)."""
    paths = (
        folder / "sources.yaml",
        folder / "measurements.yaml",
        folder / "examples.yaml",
        *sorted((folder / "drugs").glob("*.yaml")),
        *sorted((folder / "protocols").glob("*.yaml")),
    )
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def library_of(texts: Mapping[str, str]) -> Library:
    """The library of file texts by relative path. Raises LibraryInvalid with all mistakes."""
    return library_from(rows_of(texts))


def rows_of(texts: Mapping[str, str]) -> dict[str, LibraryFile]:
    """Each file's value by relative path, not yet held against the others. Raises LibraryInvalid."""
    mistakes: list[Mistake] = []
    rows = {path: _row(path, text, mistakes) for path, text in texts.items()}
    _stop_at(mistakes)
    return {path: row for path, row in rows.items() if row is not None}


def library_from(rows: Mapping[str, LibraryFile]) -> Library:
    """The library of read files, held against one another. Raises LibraryInvalid with all mistakes."""
    mistakes: list[Mistake] = []
    files = [row for row in rows.values() if isinstance(row, DrugFile)]
    editions = [row for row in rows.values() if isinstance(row, ProtocolEdition)]
    library = Library(
        sources={s.key: s for row in rows.values() if isinstance(row, SourcesFile) for s in row.sources},
        measurements={
            m.key: m for row in rows.values() if isinstance(row, MeasurementsFile) for m in row.measurements
        },
        examples=tuple(c for row in rows.values() if isinstance(row, ExamplesFile) for c in row.children),
        formulary=Formulary(
            drugs={file.drug.key: file.drug for file in files},
            products={product.key: product for file in files for product in file.products},
            editions={edition.key: edition for edition in editions},
        ),
    )
    for path, row in rows.items():
        mistakes += (mistake.inside(path) for mistake in _mistakes_in(row, path=path, library=library))
    _stop_at(mistakes)
    return library


def read_edition(text: str, *, library: Library, path: str = "protocol.yaml") -> ProtocolEdition:
    """One protocol from its text, checked against a library. Raises LibraryInvalid with all its mistakes."""
    mistakes: list[Mistake] = []
    tree = read_tree(text, path=path, mistakes=mistakes)
    edition = None if mistakes else read_row(ProtocolEdition, tree, path=path, mistakes=mistakes)
    if edition is None:
        raise LibraryInvalid(mistakes)
    found = mistakes_in_edition(edition, formulary=library.formulary, sources=library.sources)
    _stop_at([mistake.inside(path) for mistake in found])
    return edition


def write_file(row: ProtocolEdition | DrugFile | SourcesFile | MeasurementsFile | ExamplesFile) -> str:
    """The canonical text of a file: read again, it gives the same value."""
    return write_tree(write_row(row))


def normalised(path: str, text: str) -> str:
    """A library file's text, written the canonical way."""
    mistakes: list[Mistake] = []
    row = _row(path, text, mistakes)
    _stop_at(mistakes)
    return write_file(row) if row is not None else text


LibraryFile = SourcesFile | MeasurementsFile | ExamplesFile | DrugFile | ProtocolEdition

_KINDS: tuple[tuple[str, type[LibraryFile]], ...] = (
    ("sources.yaml", SourcesFile),
    ("measurements.yaml", MeasurementsFile),
    ("examples.yaml", ExamplesFile),
    ("drugs/", DrugFile),
    ("protocols/", ProtocolEdition),
)


def _row(path: str, text: str, mistakes: list[Mistake]) -> LibraryFile | None:
    kind = next(kind for start, kind in _KINDS if path.startswith(start))
    count = len(mistakes)
    tree = read_tree(text, path=path, mistakes=mistakes)
    return read_row(kind, tree, path=path, mistakes=mistakes) if len(mistakes) == count else None


def _mistakes_in(row: LibraryFile | None, *, path: str, library: Library) -> Iterator[Mistake]:
    match row:
        case DrugFile():
            yield from mistakes_in_drug(row.drug, row.products, sources=library.sources)
            yield from _misnamed(row.drug.key, key_path="drug.key", path=path)
        case ProtocolEdition():
            yield from mistakes_in_edition(row, formulary=library.formulary, sources=library.sources)
            yield from _misnamed(row.key, key_path="key", path=path)
        case _:
            return


def _misnamed(key: str, *, key_path: str, path: str) -> Iterator[Mistake]:
    """A file is named after the key in it, so that no key can stand in two files."""
    if key != Path(path).stem:
        yield Mistake(path=key_path, sentence=f"the file is named {Path(path).stem}, its key is {key}")


def _stop_at(mistakes: list[Mistake]) -> None:
    if mistakes:
        raise LibraryInvalid(mistakes)

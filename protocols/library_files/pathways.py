"""The pathways of the library: one YAML file each, read whole with every mistake, written without loss."""

from __future__ import annotations

from pathlib import Path

from protocols.engine.mistakes import Mistake
from protocols.engine.pathway import PathwayEdition
from protocols.engine.pathway_checking import mistakes_in_pathway
from protocols.library_files.library import SHIPPED, LibraryInvalid
from protocols.library_files.shapes import read_row, write_row
from protocols.library_files.yaml_text import read_tree, write_tree

FOLDER = "pathways"


def pathway_files(folder: Path = SHIPPED) -> dict[str, Path]:
    """The pathway files of a library by key."""
    return {path.stem: path for path in sorted((folder / FOLDER).glob("*.yaml"))}


def read_pathway(text: str, *, path: str = "pathway.yaml") -> PathwayEdition:
    """One pathway from its text. Raises LibraryInvalid with all its mistakes."""
    mistakes: list[Mistake] = []
    tree = read_tree(text, path=path, mistakes=mistakes)
    pathway = None if mistakes else read_row(PathwayEdition, tree, path=path, mistakes=mistakes)
    if pathway is not None:
        mistakes += (mistake.inside(path) for mistake in mistakes_in_pathway(pathway))
        if path.startswith(f"{FOLDER}/") and pathway.key != Path(path).stem:
            mistakes.append(
                Mistake(path=f"{path}: key", sentence=f"the file is not named {pathway.key}.yaml")
            )
    if pathway is None or mistakes:
        raise LibraryInvalid(mistakes)
    return pathway


def read_pathway_file(key: str, folder: Path = SHIPPED) -> PathwayEdition:
    """A pathway of the library by its key. Raises KeyError for a key that has no file."""
    path = pathway_files(folder)[key]
    return read_pathway(path.read_text(encoding="utf-8"), path=path.relative_to(folder).as_posix())


def write_pathway(pathway: PathwayEdition) -> str:
    """The canonical text of a pathway: read again, it gives the same value."""
    return write_tree(write_row(pathway))

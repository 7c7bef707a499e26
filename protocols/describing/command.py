"""describe_protocol: print a protocol's page, write all pages, or say which of them are out of date."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from protocols.arguments import OneLineParser
from protocols.describing.page import page_of, sources_page
from protocols.describing.pathways import pathway_page
from protocols.library_files.library import Library, read_library
from protocols.library_files.pathways import pathway_files, read_pathway_file
from protocols.refusal import Refusal

PAGES = Path("docs/protocols")
SHIPPED_PATHWAY = "iess-first-line"


class NoSuchProtocol(Refusal):
    code = "no-such-protocol"


class PagesOutOfDate(Refusal):
    code = "pages-out-of-date"


def main(argv: Sequence[str]) -> int:
    parser = OneLineParser(prog="manage.py describe_protocol", description="A protocol as a page to read.")
    parser.add_argument("protocol", nargs="?", metavar="KEY", help="print this protocol's page")
    parser.add_argument("--write", action="store_true", help=f"write every page into {PAGES}/")
    parser.add_argument("--check", action="store_true", help=f"fail where a page in {PAGES}/ is out of date")
    words = parser.parse_args(argv)
    library = read_library()
    if words.check:
        check_pages(PAGES, library=library)
    elif words.write:
        write_pages(PAGES, library=library)
    else:
        sys.stdout.write(one_page(words.protocol, library=library))
    return 0


def one_page(key: str | None, *, library: Library) -> str:
    if key in pathway_files():
        return pathway_page(read_pathway_file(key))
    edition = library.editions.get(key or "")
    if edition is None:
        known = ", ".join([*library.editions, *pathway_files()])
        raise NoSuchProtocol(f"no protocol {key or 'named'}; known: {known} (or --write, --check)")
    return page_of(edition, library=library, pathway=read_pathway_file(SHIPPED_PATHWAY))


def pages(library: Library) -> dict[str, str]:
    """Every page by file name, the list of them included."""
    pathways = {key: read_pathway_file(key) for key in pathway_files()}
    shipped = pathways[SHIPPED_PATHWAY]
    watched = [f"- [{one.title}](pathway-{key}.md): {one.summary}" for key, one in pathways.items()]
    listed = [f"- [{edition.name}]({key}.md): {edition.summary}" for key, edition in library.editions.items()]
    head = "# Protocols\n\nGenerated from the protocol library: `python manage.py describe_protocol --write`."
    found = {
        f"{key}.md": page_of(edition, library=library, pathway=shipped)
        for key, edition in library.editions.items()
    }
    found |= {f"pathway-{key}.md": pathway_page(one) for key, one in pathways.items()}
    sources = ["", "Pathways:", "", *watched, "", "[Sources of the protocols](sources.md)"]
    return {
        "README.md": "\n".join([head, "", *listed, *sources, ""]),
        "sources.md": sources_page(library),
        **found,
    }


def write_pages(folder: Path, *, library: Library) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages(library).items():
        (folder / name).write_text(text, encoding="utf-8")


def check_pages(folder: Path, *, library: Library) -> None:
    """Refuses where a page is missing or differs from what the library says."""
    stale = [name for name, text in pages(library).items() if not _is(folder / name, text)]
    if stale:
        how = "write them anew with: python manage.py describe_protocol --write"
        raise PagesOutOfDate(f"{folder}: {', '.join(stale)} differ from the library; {how}")


def _is(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text

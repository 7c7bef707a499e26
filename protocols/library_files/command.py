"""check_library: every mistake of the library files, each with its path."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from protocols.arguments import OneLineParser
from protocols.engine.mistakes import Mistake
from protocols.library_files.library import SHIPPED, LibraryInvalid, library_of, normalised, texts_in


def main(argv: Sequence[str]) -> int:
    parser = OneLineParser(prog="manage.py check_library", description="Say what is wrong in library files.")
    parser.add_argument("folder", nargs="?", type=Path, default=SHIPPED, help="a folder of library files")
    parser.add_argument("--write", action="store_true", help="write each file in the canonical way")
    words = parser.parse_args(argv)
    texts = texts_in(words.folder)
    library = library_of(texts)
    if words.write:
        for path, text in texts.items():
            (words.folder / path).write_text(normalised(path, text), encoding="utf-8")
    else:
        _refuse_other_ways_of_writing(texts)
    counts = (len(library.editions), len(library.formulary.products), len(library.sources))
    sys.stdout.write("{} protocols, {} products, {} sources: no mistakes.\n".format(*counts))
    return 0


def _refuse_other_ways_of_writing(texts: Mapping[str, str]) -> None:
    """One way of writing, so that a difference between two files is a difference in what they say."""
    odd = [path for path, text in texts.items() if normalised(path, text) != text]
    sentence = "not written in the canonical way; check_library --write does it"
    if odd:
        raise LibraryInvalid([Mistake(path=path, sentence=sentence) for path in odd])

"""Invented people. Every name says that it is invented; no number can be anybody's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

FAMILY = [
    "Testinfant",
    "Sampleson",
    "Mockwell",
    "Fictiva",
    "Demovic",
    "Placeholder",
    "Inventado",
    "Fauxley",
    "Pretendo",
    "Specimen",
    "Dummett",
    "Examplar",
    "Notreal",
    "Madeupski",
    "Syntheta",
    "Phantomby",
    "Proxywell",
    "Standin",
    "Modelby",
    "Imagino",
]
GIVEN = {
    "f": [
        "Aurora",
        "Luna",
        "Mila",
        "Nova",
        "Ivy",
        "Stella",
        "Wren",
        "Juno",
        "Esme",
        "Flora",
        "Hazel",
        "Iris",
        "Ada",
        "Maeve",
        "Lyra",
        "Opal",
        "Thea",
        "Willa",
        "Zora",
        "Cleo",
    ],
    "m": [
        "Milo",
        "Arlo",
        "Felix",
        "Jasper",
        "Otis",
        "Hugo",
        "Theo",
        "Ezra",
        "Finn",
        "Leo",
        "Oscar",
        "Rufus",
        "Silas",
        "Ivo",
        "Bruno",
        "Caspian",
        "Dario",
        "Emil",
        "Gus",
        "Abel",
    ],
}
TWIN_NUMBER = "700001"
LANGUAGES = ("en", "en", "en", "en", "es", "es", "pl", "ar")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A child that does not exist."""

    family_name: str
    given_names: str
    sex: str
    language: str
    needs_interpreter: bool


def person(number: int, chance: Random) -> Person:
    """Return the child of a number; the number makes the name unique past the first few hundred."""
    sex = chance.choice("fm")
    given = chance.choice(GIVEN[sex])
    language = chance.choice(LANGUAGES)
    return Person(
        family_name=f"{FAMILY[number % len(FAMILY)]}-{number:03d}",
        given_names=given,
        sex=sex,
        language=language,
        needs_interpreter=language not in {"en", "es"},
    )


PRACTICES = (
    ("Dr. Pat Placeholder", "Sampletown Pediatrics"),
    ("Dr. Sam Standin", "Mockville Children's Practice"),
    ("Dr. Kim Specimen", "Lakeshore Test Pediatrics"),
    ("Dr. Lee Fauxley", "Invented Valley Family Care"),
    ("Dr. Robin Example", "Northside Demo Pediatrics"),
)

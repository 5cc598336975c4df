"""Made-up words of the news: people, towns, headlines."""

from __future__ import annotations

from numpy.random import Generator

GIVEN = ("Ada", "Bruno", "Cleo", "Dorian", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Kaya", "Lior", "Mina",
         "Noor", "Otto", "Pia")  # fmt: skip
FAMILY = ("Abelard", "Brandt", "Castel", "Duarte", "Eklund", "Ferro", "Garnier", "Holt", "Ivers", "Jansen", "Kovac",
          "Lindqvist", "Moreau", "Novak")  # fmt: skip
TOWNS = ("Alderby", "Brannoc", "Castre", "Dunmoor", "Estwick", "Fallow", "Garrow", "Hollin", "Inverlee", "Jarrow Cross",
         "Kestrel Bay", "Lowmere", "Marlock", "Norhaven")  # fmt: skip
SUBJECTS = ("Harbour", "School", "Bridge", "Market", "Rail line", "Orchard", "Theatre", "Flood", "Council", "Museum",
            "Bakery", "Forest", "Ferry", "Library")  # fmt: skip
VERBS = ("reopens", "to close", "wins prize", "plan delayed", "divides town", "turns 100", "saved", "under review",
         "draws crowds", "costs rise")  # fmt: skip
TRADES = ("resident", "mayor", "shopkeeper", "engineer", "teacher", "fire officer", "historian", "farmer")


def one(rng: Generator, words: tuple[str, ...]) -> str:
    """One of the words."""
    return words[int(rng.integers(len(words)))]


def person(rng: Generator) -> str:
    """A name."""
    return f"{one(rng, GIVEN)} {one(rng, FAMILY)}"


def headline(rng: Generator, number: int) -> str:
    """A headline of two or three words; its subject depends on the number of the story."""
    return f"{SUBJECTS[number % len(SUBJECTS)]} {one(rng, VERBS)}"

"""The words that are planted: each is unlike any other and unlike anything the house says by itself."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

LETTERS = "bcdfghjkmnpqrstvwxz"
LENGTH = 12


@dataclass
class Planted:
    """One string, and where it was typed."""

    text: str
    words: tuple[str, ...]
    route: str
    name: str
    kept: bool = False  # the page took it

    @property
    def place(self) -> str:
        return f"{self.route}.{self.name}"


@dataclass
class Seeds:
    """Makes planted strings, and keeps them all."""

    chance: random.Random
    all: list[Planted] = field(default_factory=list)

    def _word(self) -> str:
        return "".join(self.chance.choices(LETTERS, k=LENGTH)).capitalize()

    def sow(self, route: str, name: str, kind: str, longest: int) -> str:
        """A string for a field: of three words or as many as fit; a number of eleven digits for a phone; "" where none fits."""
        if kind == "tel":
            words: tuple[str, ...] = ("".join(self.chance.choices("23456789", k=11)),)
        else:
            words = tuple(self._word() for _ in range(max(0, min(3, (longest + 1) // (LENGTH + 1)))))
        text = " ".join(words)
        if kind == "email":
            words = words[:1]
            text = f"{words[0]}@mail.test" if words and longest > LENGTH + 10 else ""
        if text:
            self.all.append(Planted(text, words, route, name))
        return text

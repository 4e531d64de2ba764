"""The sample paper: a PDF with a word in it. Whoever can type that word can read what we would send them (ES-3, ES-4)."""

from __future__ import annotations

from typing import Any

from consent import law
from practice.models import Practice, User
from vault.tokens import fingerprint

WORDS = (
    "apple", "anchor", "basket", "bridge", "candle", "cloud", "feather", "garden", "harbor", "island", "lantern", "maple",
    "meadow", "mirror", "orange", "pebble", "pencil", "piano", "river", "saddle", "silver", "sparrow", "summer", "teapot",
    "thunder", "timber", "tunnel", "velvet", "violin", "walnut", "willow", "window",
)  # fmt: skip


def word_for(person: User) -> str:
    """The word in ``person``'s sample, which nobody else's page tells them; another one with each edition of the six points."""
    return WORDS[fingerprint("sample paper", f"{person.pk} {law.edition()}")[0] % len(WORDS)]


def shows_word(person: User, typed: str) -> bool:
    """Whether ``typed`` is the word of the sample, however it is written."""
    return "".join(letter for letter in typed.casefold() if letter.isalpha()) == word_for(person)


def sample_paper(person: User, practice: Practice) -> dict[str, Any]:
    """What templates/typst/sample.typ prints: nothing about anybody."""
    return {
        "title": "Sample paper",
        "heading": "Sample paper",
        "practice": practice.name,
        "code": "Sample",
        "word": word_for(person),
        "states": [],
        "draft": False,
        "demo": False,
        "confidential": "This paper says nothing about anybody.",
    }

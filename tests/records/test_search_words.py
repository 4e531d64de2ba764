"""Words looked for in a text: how they are compared, marked and cut out of it."""

from __future__ import annotations

from typing import Any

import pytest

from records import search


def test_folding_letter_by_letter_is_folding_the_whole() -> None:
    for text in ("Straße ΣΑΣ ǅ ﬁne", "e\u0301 \u0345 ͅα İstanbul", "한국어 ガ が ㌀ \U0001d400\U0001d587", "\u202e\u2066 ½ ™ Ⅷ"):
        assert search.folded(text) == "".join(map(search.folded, text)), text


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("Er ging über die STRASSE.", "straße", ["STRASSE"]),
        ("Der große Fluß", "grosse fluss", ["große", "Fluß"]),
        ("cafe\u0301 noir", "café", ["cafe\u0301"]),
        ("彼は海へ行った", "海へ", ["海へ"]),
        ("Она говорила тихо", "ГОВОР", ["говор"]),
        ("heron, heron and heronry", "heron", ["heron", "heron", "heron"]),
        ("heron, heron and heronry", '"heron"', ["heron", "heron"]),
    ],
)
def test_what_is_marked_is_what_was_looked_for(text: str, words: str, marked: list[str]) -> None:
    wanted = search.terms(words)
    snippet = search._snippet("", text, search._place(wanted[0], [search.folded(text)])[1], wanted)  # type: ignore[index]  # found
    assert [piece for piece, hit in snippet.pieces if hit] == marked
    assert "".join(piece for piece, _ in snippet.pieces) == text


def test_a_long_text_is_cut_around_what_was_found() -> None:
    text = f"{'before ' * 500}heron {'behind ' * 500}"
    (snippet,) = search._snippets([("Plan", text)], [(0, text.index("heron"))], search.terms("heron"))
    whole = "".join(piece for piece, _ in snippet.pieces)
    assert len(whole) < 4 * search.AROUND
    assert snippet.cut_before
    assert snippet.cut_behind
    assert whole.strip() in text


@pytest.mark.parametrize("typed", ["her.n", "her[o]n", "her\\wn", '"her.n"', "heron|wren", "(heron)?x", "her*n"])
def test_what_is_typed_is_looked_for_and_is_no_pattern(typed: str) -> None:
    places = [search._place(term, [search.folded("heron by a lake and a wren")]) for term in search.terms(typed)]
    assert None in places  # as a pattern, each would be found


def test_hostile_patterns_cost_no_more_than_others() -> None:
    text = "a " * 50_000
    wanted = search.terms('"a a a a a a a a a a a b"')
    assert search.find(_Fake(text), wanted) is None  # type: ignore[arg-type]  # what find asks of a note


class _Fake:
    def __init__(self, text: str) -> None:
        self.pk, self.kind, self.format, self.content = 1, "contact", "guided", {"contact": "b " + text}
        self.added: list[Any] = []

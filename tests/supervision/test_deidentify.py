"""The eighteen identifiers of 45 CFR 164.514(b)(2), one by one, and what is done before anybody is asked (SU-2)."""

from __future__ import annotations

import pytest

from records.actions.names import run_of, runs_of
from supervision import law
from supervision.deidentify import Known, lint, renamed, shifted

KNOWN = Known(
    frozenset(runs_of("Cleopatra", "Cleo", "Marchetti") | {run_of("amber-heron-12")}),
    dict.fromkeys(runs_of("José Ibarra"), "[relative]"),
    {"503 555 0142": "D", "14 Willow Street": "B"},
)
LOOK_LIKE = {
    "A": ["she met Dr. Halvorsen there", "her friend Ottoline came", "Marchetti said so"],
    "B": ["near 97214", "at 14 Birch Lane", "moved to Polk County"],
    "C": ["on 2026-02-30", "on 13/45/2020", "in March 2026", "a 93-year-old", "aged 91", "mood 7/10"],
    "D": ["call 503 555 0199", "+1 (503) 555-0199"],
    "E": ["fax: 503 555 0188"],
    "F": ["cleo@mail.test wrote"],
    "G": ["123-45-6789"],
    "H": ["MRN 44871", "chart no. A-991"],
    "I": ["member id XJ-2210", "Medicaid # 8812"],
    "J": ["account 00912234", "card 4111 1111 1111 1111"],
    "K": ["license no. D4481"],
    "L": ["plate ABC-123", "1HGCM82633A004352"],
    "M": ["pump serial no. 8831"],
    "N": ["see https://cleo.test/me", "on cleo.com"],
    "O": ["from 192.168.4.22"],
    "P": ["gave a fingerprint"],
    "Q": ["a photo of her"],
    "R": ["as @cleo_m online", "docket no. 44-B", "badge XK-4411"],
}


def test_there_are_eighteen_each_with_its_letter_and_citation() -> None:
    assert "".join(law.identifiers()) == "ABCDEFGHIJKLMNOPQR"
    assert law.identifiers()["R"].citation == "45 CFR 164.514(b)(2)(i)(R)"
    assert set(LOOK_LIKE) == set(law.identifiers())


@pytest.mark.parametrize("letter", LOOK_LIKE)
def test_su_2_each_identifier_is_found(letter: str) -> None:
    for text in LOOK_LIKE[letter]:
        assert lint(text, "Rowan", KNOWN), text
    assert any(place.letter == letter for text in LOOK_LIKE[letter] for place in lint(text, "Rowan", KNOWN))


def test_su_2_the_rulebooks_case_is_found() -> None:
    known = Known(frozenset(runs_of("Maria")))
    assert {place.letter for place in lint("Maria, born 3/4/1990", "Rowan", known)} == {"A", "C"}


def test_names_of_the_file_become_a_pseudonym_whatever_their_case_and_accents() -> None:
    text = renamed("CLEO Marchetti and Cleo's Jose called 503 555 0142 from 14 willow street.", KNOWN, "Rowan")
    assert text == "Rowan and Rowan's [relative] called [phone] from [place]."
    assert lint(text, "Rowan", KNOWN) == []
    assert "heron" not in renamed("amber-heron-12 came", KNOWN, "Rowan")


def test_dates_move_by_one_distance_and_what_lies_between_stays() -> None:
    text, dates = shifted("On March 3, 2026 and 3/10/2026, then 2026-03-17; also 24 March.", -400, 2026)
    assert text == "On 27 January 2025 and 3 February 2025, then 10 February 2025; also 17 February."
    assert lint(text, "Rowan", KNOWN, dates) == []
    assert {place.letter for place in lint(text, "Rowan", KNOWN)} == {"C"}


def test_a_date_that_there_is_not_stays_and_is_found() -> None:
    text, dates = shifted("on 2026-02-31", -400, 2026)
    assert (text, dates) == ("on 2026-02-31", [])
    assert [place.letter for place in lint(text, "Rowan", KNOWN, dates)] == ["C"]


def test_words_that_were_kept_for_a_reason_are_not_found_again() -> None:
    assert lint("the 7/10 of today", "Rowan", KNOWN, (), ["7/10"]) == []
    assert lint("\x00" * 50 + "x" * 5000 + "1 " * 3000, "Rowan", KNOWN) is not None  # no end of time

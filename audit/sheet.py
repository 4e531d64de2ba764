"""Rows of a CSV file (RFC 4180), and no cell that a spreadsheet would take for a formula."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable

_UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Zl", "Zp", "Zs"}
_FORMULA = set("=+-@|%")


def cell(value: object) -> str:
    """``value`` as text; with an apostrophe before it where its first visible letter begins a formula (attacks 65, 75)."""
    text = "" if value is None else str(value).replace("\0", "")
    seen = next((letter for letter in text if unicodedata.category(letter) not in _UNSEEN), "")
    begins = unicodedata.normalize("NFKC", seen)[:1] in _FORMULA if seen else False
    return f"'{text}" if begins or text[:1] in ("\t", "\r", "\n") else text


def rows(lines: Iterable[Iterable[object]]) -> str:
    """``lines`` of cells as CSV, each ended by CRLF."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([cell(value) for value in line] for line in lines)
    return out.getvalue()

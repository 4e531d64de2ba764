"""An id stands for one thing on a page: no page takes one of the frame around it, which its scripts and labels look for."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from .source import ROOT

FRAME = ("base.html", "_idle.html", "_keys.html")
PAGES = sorted((ROOT / "templates").rglob("*.html"))


def ids_of(page: Path) -> Counter[str]:
    """The ids that a template writes out; those that hold a variable are not known here."""
    return Counter(re.findall(r"""\sid="([^"{]+)\"""", page.read_text()))


def test_no_page_takes_an_id_of_the_frame() -> None:
    frame = {each for name in FRAME for each in ids_of(ROOT / "templates" / name)}
    assert {"keys", "idle", "main"} <= frame
    inside = [page for page in PAGES if page.name not in (*FRAME, "base_plain.html")]
    assert {str(page.relative_to(ROOT)): taken for page in inside if (taken := frame & ids_of(page).keys())} == {}

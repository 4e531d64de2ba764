"""Reading papers back, with tools that had no part in making them; and a paper to make."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pikepdf
from pypdf import PdfReader


def payloads(port: int = 9) -> list[str]:
    """The lines of corpus.txt; addresses among them lead to ``port`` of this machine."""
    lines = Path(__file__).with_name("corpus.txt").read_text().splitlines()[3:]
    return [line.replace("PORT", str(port)) for line in lines if not line.startswith("== ")]


def words_of(made: bytes) -> str:
    """The text of a PDF, page after page, without its running heads and feet."""
    pages = (page.extract_text().splitlines() for page in PdfReader(io.BytesIO(made)).pages)
    return "\n".join("\n".join(lines[1:-1]) for lines in pages)


def whole_words_of(made: bytes) -> str:
    """The text of a PDF with its running heads and feet."""
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)


def squeezed(text: str) -> str:
    """``text`` without what a line break on paper adds or takes away."""
    return re.sub(r"[\s\u200b]+", "", text)


@contextmanager
def opened(made: bytes) -> Iterator[pikepdf.Pdf]:
    """The PDF as a file of objects."""
    with pikepdf.open(io.BytesIO(made)) as found:
        yield found


def structure(pdf: pikepdf.Pdf) -> list[str]:
    """The kinds of all tags, in the order they are read."""

    def walk(node: Any) -> Iterator[str]:
        if isinstance(node, pikepdf.Array):
            for child in node:
                yield from walk(child)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                yield str(node["/S"])
            yield from walk(node.get("/K"))

    return list(walk(pdf.Root.StructTreeRoot.K))


@contextmanager
def fresh_proof() -> Iterator[None]:
    """As if the person had just confirmed who they are."""
    with patch("practice.factors.is_fresh", return_value=True):
        yield


def a_note(*texts: str, **more: Any) -> dict[str, Any]:
    """A note's paper with ``texts`` as its parts, for the press alone."""
    parts = [{"heading": "Part", "text": text} for text in texts]
    frame = {"title": "Session note", "practice": "The practice", "code": "amber-heron-42", "confidential": "Confidential", "demo": False}
    note = {"heading": "Progress note", "draft": False, "states": [], "facts": [("Client", "Cleo")], "made": "Made today.", "parts": parts}
    return frame | note | {"signature": None, "addenda": [], "cosignature": None} | more

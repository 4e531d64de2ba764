"""What a file must be to become a document: of a sort we keep, by its name and by its bytes; and cleaned of what it tells beside.

The reading of images and PDFs is done by practice/sieve.py, in a process of its own.
"""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from practice.refusals import Refused

from .sieve import ENCRYPTED, MOST_PAGES, TOO_MANY_PAGES, TOO_MANY_POINTS

SIEVE = Path(__file__).with_name("sieve.py")
SECONDS = 30  # the sieve stops itself before
# How a file of somebody's is sent: it runs nothing, asks nothing, stands in no frame, and is kept nowhere.
SHUT = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Cache-Control": "no-store",
}
LONGEST_NAME = 150  # characters of a file's own name that are kept


@dataclass(frozen=True)
class Sort:
    """A sort of file: the extensions it may have, how it begins, what it is served as, and what people call it."""

    key: str
    extensions: tuple[str, ...]
    begins: re.Pattern[bytes]
    type: str
    word: str

    @property
    def extension(self) -> str:
        """The one it is served with."""
        return self.extensions[0]

    @property
    def is_picture(self) -> bool:
        """Whether it was drawn again, and may be shown in a page."""
        return self.type.startswith("image/")


SORTS = {
    sort.key: sort
    for sort in (
        Sort("pdf", (".pdf",), re.compile(rb"%PDF-\d"), "application/pdf", "PDF"),
        Sort("png", (".png",), re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png", "Picture (PNG)"),
        Sort("jpeg", (".jpg", ".jpeg"), re.compile(rb"\xff\xd8\xff"), "image/jpeg", "Picture (JPEG)"),
        Sort("webp", (".webp",), re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp", "Picture (WebP)"),
        Sort("text", (".txt",), re.compile(rb""), "text/plain; charset=utf-8", "Plain text"),
    )
}
ACCEPTED = ",".join(extension for sort in SORTS.values() for extension in sort.extensions)

_KINDS = "Save or print it as a PDF, or as a JPEG, PNG or WebP picture, and send that."
_MARKUP = re.compile(rb"\s*(<!doctype|<html|<svg|<\?xml|<script|<head|<body|<!--|%!ps|\{\\rtf)", re.IGNORECASE)
_UNWRITTEN = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_WHY = {
    ENCRYPTED: ("This PDF is locked with a password.", "Open it, print it to a new PDF without a password, and send that."),
    TOO_MANY_PAGES: (f"This PDF has more than {MOST_PAGES} pages.", "Send the pages you need, or several smaller files."),
    TOO_MANY_POINTS: ("This picture has more than 40 million points.", "Save it smaller and send that."),
}


@dataclass(frozen=True)
class Clean:
    """A file as it may be kept."""

    sort: Sort
    content: bytes


def cleaned(name: str, raw: bytes) -> Clean:
    """The file called ``name``, as it may be kept; raises Refused, with what to do, where it may not."""
    if not raw:
        raise Refused("", "This file is empty.", "Choose another one.")
    _bound(raw)
    sort = _sort_of(name, raw)
    _scan(raw)
    clean = _plain(raw) if sort.key == "text" else _sifted(raw, sort)
    _bound(clean)
    return Clean(sort, clean)


def _bound(raw: bytes) -> None:
    if len(raw) > settings.DOCUMENT_BYTES:
        raise too_large()


def too_large() -> Refused:
    """Why a file of more bytes than we keep is not kept."""
    most = settings.DOCUMENT_BYTES // (1024 * 1024)
    return Refused("", f"This file is larger than {most} MB.", "Save it smaller, or send it in several files.")


def _sort_of(name: str, raw: bytes) -> Sort:
    """The sort that both the name and the bytes say; raises Refused where they differ or we keep no such files."""
    extension = Path(name).suffix.lower()
    named = next((sort for sort in SORTS.values() if extension in sort.extensions), None)
    if named is None:
        raise Refused("", "We keep PDFs, pictures (JPEG, PNG, WebP) and plain text, and no other kind of file.", _KINDS)
    if not named.begins.match(raw) or (named.key == "text" and _MARKUP.match(raw)):
        raise Refused("", f"This file is called {extension}, but that is not what is in it.", _KINDS)
    return named


def _scan(raw: bytes) -> None:
    """Ask the practice's scanner, where there is one; whatever keeps it from answering keeps the file out."""
    if not settings.DOCUMENT_SCANNER:
        return
    try:
        found = import_string(settings.DOCUMENT_SCANNER)(raw)
    except Exception:  # any failure of the practice's own program means that nobody looked
        words = "The scanner for malware could not be asked, so nothing was kept."
        raise Refused("", words, "Try again later, or tell your admin.") from None
    if found:
        words = "The scanner for malware found something in this file, so it was not kept."
        raise Refused("", words, "Ask whoever sent it for a new one.")


def _plain(raw: bytes) -> bytes:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("", "This text is not in UTF-8.", "Open it, save it again as UTF-8, and send that.") from None
    if _UNWRITTEN.search(text):
        raise Refused("", "This file holds what no plain text holds.", _KINDS)
    return text.encode()


def _sifted(raw: bytes, sort: Sort) -> bytes:
    """``raw`` through the sieve; raises Refused where it does not pass."""
    command = [sys.executable, "-I", str(SIEVE), sort.key]
    try:
        done = subprocess.run(command, input=raw, env={}, timeout=SECONDS, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)  # noqa: S603 (our own program, nothing of the client's among its arguments)
    except subprocess.TimeoutExpired:
        raise _unsound(sort) from None
    if done.returncode in _WHY:
        raise Refused("", *_WHY[done.returncode])
    if done.returncode or not done.stdout:
        raise _unsound(sort)
    return done.stdout


def _unsound(sort: Sort) -> Refused:
    words = f"This file cannot be read as {sort.word}: it is damaged, or not what it says."
    return Refused("", words, "Save or scan it again and send that.")

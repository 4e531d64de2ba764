"""A paper as PDF: data in, bytes out. No word of a client is ever markup, a path, an argument or a log line."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from practice.refusals import Refused

PRESS, CERTIFY = (Path(__file__).with_name(name) for name in ("press.py", "certify.py"))
SECONDS = 40  # the press stops itself before
ENVIRONMENT = {"RAYON_NUM_THREADS": "2"}  # nothing of ours: no key, no address of a server
LONGEST_WORD = 40  # letters without a space that still fit beside a label

_UNWRITTEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LONG = re.compile(rf"\S{{{LONGEST_WORD},}}")
_BLANK_LINES = re.compile(r"\n[ \t]*\n+")
_BREAK_HERE = "\u200b"  # a place to break a line, of no width


_here: ContextVar[bool] = ContextVar("subrosa_press_here", default=False)


@contextmanager
def in_this_process() -> Iterator[None]:
    """Set and certify papers in this very process: for a command that makes hundreds of them of invented people, and then ends."""
    token = _here.set(True)
    try:
        yield
    finally:
        _here.reset(token)


def press(
    template: Literal[
        "note", "chart", "consent", "sample", "letters", "incident", "accounting", "release", "claims", "certificate", "label", "plan"
    ],
    data: dict[str, Any],
) -> bytes:
    """The PDF of ``data`` (such as records/paper.py gives) in templates/typst/<template>.typ.

    Raises Refused where it cannot be made, as from a text that no typesetter survives; the page can be printed all the same.
    """
    if _here.get():
        return _pressed_here(template, data)
    command = [sys.executable, "-I", str(PRESS), f"{template}.typ"]
    given = json.dumps(_laid_out(data)).encode()
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}  # what it would say there may quote the text
    try:
        done = subprocess.run(command, input=given, env=ENVIRONMENT, timeout=SECONDS, check=True, **pipes)  # noqa: S603 (our own program, no word of a client among its arguments)
    except subprocess.SubprocessError:
        raise Refused("", "This could not be made into a PDF.", "Print it instead, and choose “Save as PDF” there.") from None
    return done.stdout


def certify(pdf: bytes, *, certificate: bytes, key: bytes) -> bytes:
    """``pdf`` certified with ``key`` (PKCS #8, DER) and its ``certificate`` (X.509, DER): any later change shows. Raises Refused."""
    if _here.get():
        return import_module("practice.certify").certified(pdf, certificate, key)  # loaded late: 35 MB
    given = json.dumps({"certificate": base64.b64encode(certificate).decode(), "key": base64.b64encode(key).decode()}).encode()
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    command = [sys.executable, "-I", str(CERTIFY)]
    try:
        done = subprocess.run(command, input=given + b"\n" + pdf, env={}, timeout=SECONDS, check=True, **pipes)  # noqa: S603 (as above)
    except subprocess.SubprocessError:
        raise Refused("ES-7", "The signed paper could not be made, so nothing was signed.", "Try again in a moment.") from None
    return done.stdout


def _pressed_here(template: str, data: dict[str, Any]) -> bytes:
    our_press = import_module("practice.press")
    return our_press.pressed(our_press.TEMPLATES / f"{template}.typ", _laid_out(data))


def _laid_out(value: Any, key: str = "") -> Any:
    """``value`` with every text made fit for paper; whatever stands under "text" becomes paragraphs."""
    if isinstance(value, dict):
        return {name: _laid_out(inner, name) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_laid_out(inner) for inner in value]
    if isinstance(value, str):
        return paragraphs(value) if key == "text" else fit(value)
    return value


def paragraphs(text: str) -> list[dict[str, Any]]:
    """``text`` by paragraphs, each with the direction that its first letter has; line ends within them stay."""
    pieces = (piece.strip("\n") for piece in _BLANK_LINES.split(text))
    return [{"rtl": runs_left(piece), "text": fit(piece)} for piece in pieces if piece.strip()]


def runs_left(text: str) -> bool:
    """Whether the first letter with a direction is one of those written from right to left."""
    strong = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind != "L" for kind in strong if kind in ("L", "R", "AL")), False)


def fit(text: str) -> str:
    """``text`` as a page can hold it: what cannot be written shows as a replacement mark, and endless words may break."""
    plain = _UNWRITTEN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4))
    return _LONG.sub(lambda found: _breakable(found[0]), plain)


def _breakable(word: str) -> str:
    """``word`` with places to break every few letters, but never between a letter and its marks."""
    out: list[str] = []
    since = 0
    for letter in word:
        if since >= LONGEST_WORD // 2 and not _joins(letter, out[-1]):
            out.append(_BREAK_HERE)
            since = 0
        out.append(letter)
        since += 1
    return "".join(out)


def _joins(letter: str, before: str) -> bool:
    return unicodedata.category(letter)[0] == "M" or unicodedata.category(letter) == "Cf" or unicodedata.category(before) == "Cf"

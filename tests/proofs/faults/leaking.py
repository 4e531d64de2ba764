"""Deliberately broken: a web that keeps something of every request for ever. Whoever watches its memory must see it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from config.wsgi import application as honest

KEPT: list[bytearray] = []


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Answer as ever, and keep 100 KB."""
    KEPT.append(bytearray(b"x" * 100_000))
    return honest(environ, start)

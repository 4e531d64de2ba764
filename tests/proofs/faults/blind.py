"""Deliberately broken: a web that takes every save of a draft, whatever the writer saw. Whoever races must see words go."""

from __future__ import annotations

from typing import Any

from config.wsgi import application
from records.views import notes

__all__ = ["application"]

honest = notes.actions.save_note


def blind(note: Any, content: Any, *, version: int, **more: Any) -> Any:
    """The version is what it is."""
    return honest(note, content, version=note.version, **more)


notes.actions.save_note = blind

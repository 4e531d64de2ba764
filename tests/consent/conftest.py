"""Asking pages as somebody of the cast."""

from __future__ import annotations

from tests.clients.conftest import Ask, Lines, ask, lines, text_of

__all__ = ["Ask", "Lines", "ask", "lines", "text_of"]

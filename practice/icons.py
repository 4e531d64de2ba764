"""``{% lucide %}`` as the package has it, but each icon is drawn once: a page shows some thirty, and they are a fifth of its making."""

from __future__ import annotations

from functools import lru_cache

from django import template
from lucide.templatetags.lucide import lucide as draw

register = template.Library()
_drawn = lru_cache(500)(draw)


@register.simple_tag
def lucide(name: str, *, size: int | None = 24, **attributes: str | int) -> str:
    """The icon of that name as inline SVG."""
    drawn: str = _drawn(name, size=size, **attributes)
    return drawn

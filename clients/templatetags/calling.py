"""``{{ client|called }}``: the one way a template says who a client is. ``hushed`` is for names that would give theirs away."""

from __future__ import annotations

from django import template

from clients.calling import called
from practice import open_room

register = template.Library()
register.filter("called", called)


@register.filter
def hushed(text: str, instead: str) -> str:
    """``text``, or in an open room the words ``instead``: a mother's name or a mail address says whose they are."""
    return instead if open_room.is_on() else text

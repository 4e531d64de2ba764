"""Words for what is agreed about one way."""

from __future__ import annotations

from typing import Any

from django import template

from clients.models import Purpose, SafeWay

register = template.Library()
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@register.filter
def purposes(row: SafeWay) -> str:
    """What for, in words."""
    if len(row.purposes) == len(Purpose.values):
        return "For everything"
    return ("For " + ", ".join(str(Purpose(each).label) for each in row.purposes)) if row.purposes else "For nothing"


@register.filter
def safe_hours(row: SafeWay) -> str:
    """When, in words."""
    days = ", ".join(_DAYS[day] for day in row.days) if row.days else "Any day"
    begin, end = (f"{time:%H:%M}" if time else "" for time in (row.opens, row.closes))
    times = f"{begin} to {end}" if begin and end else f"from {begin}" if begin else f"until {end}" if end else ""
    return f"{days}, {times}" if times else days


@register.filter
def at(found: dict[Any, Any], key: Any) -> Any:
    """What stands under ``key``."""
    return found.get(key)

"""Words for what is agreed about one way."""

from __future__ import annotations

from typing import Any

from django import template

from clients.models import SafeWay
from clients.reaching import hours_said, purposes_said

register = template.Library()


@register.filter
def purposes(row: SafeWay) -> str:
    """What for, in words."""
    return purposes_said(row)


@register.filter
def safe_hours(row: SafeWay) -> str:
    """When, in words."""
    return hours_said(row)


@register.filter
def at(found: dict[Any, Any], key: Any) -> Any:
    """What stands under ``key``."""
    return found.get(key)

"""Words for templates."""

from __future__ import annotations

from django import template

from consent.languages import named

register = template.Library()
register.filter("language_name", named)

"""Words for templates."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext

from consent.languages import named

register = template.Library()
register.filter("language_name", named)
register.filter("spoken", gettext)

"""``{{ client|called }}``: the one way a template says who a client is."""

from __future__ import annotations

from django import template

from clients.calling import called

register = template.Library()
register.filter("called", called)

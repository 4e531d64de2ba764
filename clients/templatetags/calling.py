"""``{{ client|called }}``: the one way a template says who a client is. ``hushed`` is for names that would give theirs away."""

from __future__ import annotations

from django import template

from clients.calling import called, hushed

register = template.Library()
register.filter("called", called)
register.filter("hushed", hushed)

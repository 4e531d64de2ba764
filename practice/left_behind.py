"""A form that met an ended session: its words go back to whoever sent them, on a page that is kept nowhere.

With JavaScript the page locks before that happens. Without it, a redirect to the sign-in page would lose what was typed.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from .signin import is_own_path

_SECRET = re.compile(r"csrf|password|credential|code|secret|token", re.IGNORECASE)
_BY_MACHINE = re.compile(r"\s*|on|\d+|[0-9a-f-]{32,64}")  # ids, versions, fingerprints, ticks
_BY_SCRIPT = ("Idempotency-Key", "X-Background", "HX-Request")  # such a request expects no page: its script keeps the words


def words_in(request: HttpRequest) -> list[dict[str, str]]:
    """What somebody typed into the form: heading and text. No secrets, and nothing that only machines read."""
    typed = [(name, value) for name, values in request.POST.lists() for value in values]
    kept = [(name, value) for name, value in typed if not _SECRET.search(name) and not _BY_MACHINE.fullmatch(value)]
    return [{"heading": name.replace("_", " ").capitalize(), "text": value} for name, value in kept]


def typed(request: HttpRequest) -> list[dict[str, str]]:
    """The words to give back: none to a script, which keeps them itself."""
    return [] if any(name in request.headers for name in _BY_SCRIPT) else words_in(request)


def page(request: HttpRequest) -> HttpResponse | None:
    """The page that says nothing was saved and gives the words back; None where nothing was typed."""
    if not (words := typed(request)):
        return None
    context = {"words": words, "back": _back(request), "demo": settings.DEMO}
    return HttpResponse(render_to_string("practice/left_behind.html", context), status=403)


def _back(request: HttpRequest) -> str:
    """The page the form was on, if it is one of ours."""
    path = urlsplit(request.headers.get("Referer", "")).path
    return path if path and is_own_path(path) else "/"

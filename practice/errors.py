"""Error pages. They know nothing of the database or the record, so they show when those are ill.

That there is nothing at an address is said in the same words to whoever may not see it and where nothing is. Rooms to the right
add a way on for those whose role has one (``ways_on``): it hangs on who asks, never on what was asked for.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psycopg2
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.template.loader import render_to_string

from audit.trail import TrailUnavailable

from . import left_behind

AWAY = (OperationalError, InterfaceError, TrailUnavailable)  # the database does not answer, has no room, or went away in the middle
_PLAIN = "Something went wrong on our side. What was saved is safe. Please try again in a minute."

# Called with a person of the staff; each gives the label and the address of a page, or None. They must ask the database nothing.
ways_on: list[Callable[[Any], tuple[str, str] | None]] = []


def is_away(error: BaseException | None) -> bool:
    """Whether ``error`` says that the database went away. Within a commit its driver says no more than that there was an error."""
    unnamed = type(error) is DatabaseError and type(error.__cause__) is psycopg2.DatabaseError
    return unnamed or isinstance(error, AWAY)


def page(template: str, status: int, **found: Any) -> HttpResponse:
    """The error page ``template``, rendered without the request."""
    return HttpResponse(render_to_string(template, {"demo": settings.DEMO, **found}), status=status)


def _ways(request: HttpRequest) -> list[tuple[str, str]]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    return [way for ask in ways_on if (way := ask(user))]


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form did not come from one of our own pages, or it lay open too long."""
    return page("403_csrf.html", 403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return page("400.html", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return page("403.html", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the same whether the thing is missing or not theirs to see."""
    return page("404.html", 404, ways=_ways(request))


def _words(request: HttpRequest) -> list[dict[str, str]]:
    """What was typed into one of our own forms, to go back to its writer: a page that failed keeps it nowhere."""
    with suppress(Exception):  # half a form may be all that came
        if CsrfViewMiddleware(server_error).process_view(request, server_error, (), {}) is None:
            return left_behind.typed(request)
    return []


def away(request: HttpRequest) -> HttpResponse:
    """503: a part of the house does not answer for the moment."""
    request.user = AnonymousUser()  # whoever it was, the database would have to say, and a form's files are read by it
    response = page("503.html", 503, words=_words(request))
    response["Retry-After"] = "5"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 where the database is away: plain words if even the template fails."""
    try:
        return away(request) if is_away(sys.exc_info()[1]) else page("500.html", 500, words=_words(request))
    except Exception:
        return HttpResponse(_PLAIN, status=500, content_type="text/plain; charset=utf-8")

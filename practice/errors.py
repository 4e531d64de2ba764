"""Error pages. They know nothing of the person, the database or the record, so they show when those are ill."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

_PLAIN = "Something went wrong on our side. What was saved is safe. Please try again in a minute."


def page(template: str, status: int) -> HttpResponse:
    """The error page ``template``, rendered without the request."""
    return HttpResponse(render_to_string(template, {"demo": settings.DEMO}), status=status)


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
    return page("404.html", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: plain words if even the template fails."""
    try:
        return page("500.html", 500)
    except Exception:
        return HttpResponse(_PLAIN, status=500, content_type="text/plain")

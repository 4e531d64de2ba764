"""Around every request: who acts, what may be stored, and what is said when the trail cannot be written."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from http import HTTPStatus
from ipaddress import ip_address
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

from vault import gate
from vault.blob import SealBroken

from . import logs, patience, trail
from .trail import Actor, Recorder

Next = Callable[[HttpRequest], HttpResponseBase]

log = logging.getLogger(__name__)
requests = logging.getLogger("audit.requests")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")  # anything else is somebody's own word
_FAILURES = ((trail.TrailUnavailable, "503.html", 503), (SealBroken, "500_seal.html", 500))


def address_of(request: HttpRequest) -> str | None:
    """The visitor's address: the socket's, or the one our own outermost proxy saw. Any other header is hearsay."""
    hops = settings.TRUSTED_PROXY_HOPS
    socket = request.META.get("REMOTE_ADDR", "")
    if not hops:
        return _as_address(socket)
    seen = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    return _as_address(seen[-hops]) if len(seen) >= hops else _as_address(socket)


def _as_address(text: str) -> str | None:
    """``text`` if PostgreSQL will take it for an address: what cannot be stored must not shut the house."""
    try:
        return str(ip_address(text.partition("%")[0]))
    except ValueError:
        return None


def left_of_turn(took: float, turn: float) -> float:
    """Seconds until what ``took`` so long ends with a whole ``turn``: what is not there and what is not yours take as long (T40)."""
    return -took % turn if turn else 0.0


class Envelope:
    """Outermost: private pages are stored nowhere, everything stays here, nobody waits for ever, and the log has a line without words."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began, token = time.perf_counter(), logs.asked.set(str(trail.request_id()))
        try:
            response = self._closed(request)
            _log(request, response.status_code, time.perf_counter() - began)
        finally:
            logs.asked.reset(token)
        if response.status_code == HTTPStatus.NOT_FOUND:
            time.sleep(left_of_turn(time.perf_counter() - began, settings.NOT_FOUND_TAKES))
        return response

    def _closed(self, request: HttpRequest) -> HttpResponseBase:
        with patience.watched():
            response = self.get_response(request)
        if not request.path.startswith(settings.STATIC_URL):
            response["Cache-Control"] = "no-store"
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
        return response


def _log(request: HttpRequest, status: int, took: float) -> None:
    """The route by its name: a path holds ids, and what was searched for. What no route was found for has none."""
    route = request.resolver_match.view_name if request.resolver_match else ""
    if route or status >= HTTPStatus.BAD_REQUEST:
        method = request.method if request.method in METHODS else "other"
        requests.info("answered", extra={"told": {"method": method, "route": route, "status": status, "ms": round(took * 1000)}})


class Trailed:
    """Names the actor once, from the session; opens the practice's own values; fails closed without a trail."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.actor = self._actor(request)  # type: ignore[attr-defined]  # read back by doors.actor_of
        with gate.open_by(Recorder(request.actor, practice_only=True)):  # type: ignore[attr-defined]  # as above
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Nothing is shown and nothing changed where the line could not be written or a seal is broken: say so plainly."""
        for kind, template, status in _FAILURES:
            if isinstance(exception, kind):
                log.error("%s: nothing was shown, nothing was changed", kind.__name__)
                return HttpResponse(render_to_string(template, {"demo": settings.DEMO}), status=status)
        return None

    def _actor(self, request: HttpRequest) -> Actor:
        user = request.user
        ident: UUID | None = user.pk if user.is_authenticated else None
        role = user.role_words if user.is_authenticated else "anonymous"
        session = getattr(request.session, "fingerprint", "")
        return Actor(role, ident, UUID(logs.asked.get()) if logs.asked.get() else trail.request_id(), session[:12], address_of(request))

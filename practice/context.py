"""What every page shows around its content: the practice, the menu, and who is signed in."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from .models import Practice
from .roles import STAFF, Role

_ANYONE = frozenset(Role)
_ADMIN = frozenset({Role.ADMIN})

# Label, url name, icon, roles. An entry appears once its room brings the page.
MENU: tuple[tuple[str, str, str, frozenset[Role]], ...] = (
    ("Needs attention", "home", "house", STAFF),
    ("Overview", "portal_home", "house", frozenset({Role.CLIENT, Role.REPRESENTATIVE})),
    ("Clients", "client_list", "users", STAFF - {Role.ADMIN}),
    ("New client", "client_new", "user-plus", frozenset({Role.COUNSELOR, Role.DESK})),
    ("Care teams", "client_codes", "users-round", _ADMIN),
    ("Staff", "staff_list", "id-card", _ADMIN),
    ("Trail", "trail", "footprints", _ADMIN),
    ("Outgoing mail", "outbox_list", "mail", _ADMIN),
    ("Signing in safely", "mfa_index", "key-round", _ANYONE),
    ("My sign-ins", "signin_list", "monitor-smartphone", _ANYONE),
)
_NAME_AGE = 60.0  # seconds a process may show the practice's former name
_named: tuple[float, str] = (float("-inf"), "")


def practice_name() -> str:
    """The practice's name, read at most once a minute."""
    global _named
    if time.monotonic() - _named[0] > _NAME_AGE:
        row = Practice.objects.first()
        _named = (time.monotonic(), row.name if row else "")
    return _named[1]


def forget_practice_name() -> None:
    """Read the name again at the next page, after it was changed."""
    global _named
    _named = (float("-inf"), "")


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _menu(request: HttpRequest) -> list[dict[str, Any]]:
    held = {*request.user.roles}  # type: ignore[union-attr]  # asked only of people signed in
    entries = [(label, _url(name), icon) for label, name, icon, roles in MENU if held & roles]
    here = max((url for _, url, _ in entries if url and _under(request.path, url)), key=len, default="")
    return [{"label": label, "url": url, "icon": icon, "current": url == here} for label, url, icon in entries if url]


def _under(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def _identity(user: Any) -> str:
    words = ", ".join(str(Role(role).label) for role in user.roles)
    return f"{user.name}, {words}" if words else user.name


def house(request: HttpRequest) -> dict[str, Any]:
    """Context of every template: ``practice_name``, ``demo``, ``menu``, ``identity`` and ``search_url``."""
    found: dict[str, Any] = {"demo": settings.DEMO, "practice_name": practice_name()}
    if getattr(request, "user", None) and request.user.is_authenticated:
        found |= {"menu": _menu(request), "identity": _identity(request.user)}
        found["search_url"] = _url("client_search") if request.user.is_staff_member else ""
    return found

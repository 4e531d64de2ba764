"""What every page shows around its content: the practice, the menu, and who is signed in."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from audit import clock

from . import again, open_room
from .menu import menu, url_of
from .ownership import CLIENT
from .profile import profile
from .roles import Role, in_words
from .sessions import SessionStore

SHORTCUTS_OFF = "shortcuts_off"  # in the session: keys of one letter do nothing (WCAG 2.1.4)

# What clients find at the foot of every page (NPP-4). An entry appears once its room brings the page.
FOOT = ((_("Notice of privacy practices"), "privacy_notice"), (_("Confidentiality policy"), "confidentiality_policy"))


def _identity(user: Any) -> str:
    words = in_words(user.roles)
    return f"{user.name}, {words}" if words else user.name


def house(request: HttpRequest) -> dict[str, Any]:
    """Context of every template: ``practice_name``, ``logo`` and ``demo``; of pages behind the sign-in also ``menu``,
    ``identity``, ``footer`` and ``record_kept`` (for clients), ``search_url``, ``note_search_url`` (for those who read notes),
    ``idle`` (how long the session lives, idle and at all, and whose page it is), ``open_room``, ``sees_names`` (whether hiding
    names would change anything), ``emergency_until`` (a record is open to them in an emergency) and ``shortcuts_off``."""
    practice = profile()
    found: dict[str, Any] = {"demo": settings.DEMO, "practice_name": practice.name, "logo": practice.sign}
    if getattr(request, "user", None) and request.user.is_authenticated:
        found |= {"menu": menu(request), "identity": _identity(request.user)} | _session(request)
        found["record_kept"] = CLIENT.get(practice.ownership, "") if request.user.is_portal_user else ""
        found["footer"] = _foot() if request.user.is_portal_user else []
        found["sees_names"] = request.user.holds(Role.COUNSELOR, Role.SUPERVISOR, Role.DESK)  # an admin alone sees codes anyway
        found["search_url"] = url_of("client_search") if request.user.is_staff_member else ""
        found["emergency_until"] = _emergency(request.user)
        found["note_search_url"] = url_of("note_search") if request.user.holds(Role.COUNSELOR, Role.SUPERVISOR) else ""
    return found


def _emergency(user: Any) -> datetime.datetime | None:
    """The banner's moment: kept with the person, so that every page may ask without a question to the database."""
    until: datetime.datetime | None = user.emergency_until
    return until if until and until > clock.now() else None


def _foot() -> list[dict[str, str]]:
    entries = [{"label": gettext(label), "url": url_of(name)} for label, name in FOOT]
    return [entry for entry in entries if entry["url"]]


def _session(request: HttpRequest) -> dict[str, Any]:
    assert isinstance(request.session, SessionStore)
    return {
        "idle": {"left": request.session.seconds_left, "minutes": profile().idle_minutes, "person": again.mark_of(request.user)},  # type: ignore[arg-type]  # a User
        "open_room": open_room.is_on(),
        "shortcuts_off": bool(request.session.get(SHORTCUTS_OFF)),
    }

"""What every page shows around its content: the practice, the menu, and who is signed in."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from audit import clock

from . import again, open_room
from .ownership import CLIENT
from .profile import profile
from .roles import STAFF, Role, in_words
from .sessions import SessionStore

_ANYONE = frozenset(Role)
_ADMIN = frozenset({Role.ADMIN})
_PORTAL = frozenset({Role.CLIENT, Role.REPRESENTATIVE})
SHORTCUTS_OFF = "shortcuts_off"  # in the session: keys of one letter do nothing (WCAG 2.1.4)

# Label, url name, icon, roles. An entry appears once its room brings the page.
MENU: tuple[tuple[str, str, str, frozenset[Role]], ...] = (
    ("Needs attention", "home", "house", STAFF),
    (_("Overview"), "portal_home", "house", _PORTAL),
    (_("Your papers"), "paper_list", "signature", _PORTAL),
    ("Messages", "own_thread_list", "mails", _PORTAL),
    (_("Signing on screen"), "my_agreements", "file-check", _PORTAL),
    ("Client questions", "question_queue", "message-circle-question-mark", frozenset({Role.COUNSELOR, Role.SUPERVISOR})),
    ("Co-signatures", "cosign_queue", "pen-line", frozenset({Role.SUPERVISOR})),
    ("Supervision", "supervision_home", "handshake", frozenset({Role.COUNSELOR, Role.SUPERVISOR, Role.ADMIN})),
    ("Clients", "client_list", "users", STAFF - {Role.ADMIN}),
    ("New client", "client_new", "user-plus", frozenset({Role.COUNSELOR, Role.DESK})),
    ("Snippets", "snippet_list", "text-quote", frozenset({Role.COUNSELOR})),
    ("Away", "away_list", "calendar-off", frozenset({Role.COUNSELOR})),
    ("Forms", "form_list", "file-text", STAFF),
    ("Packets", "packet_list", "package", STAFF),
    ("Sessions without consent", "override_queue", "shield-question-mark", frozenset({Role.COUNSELOR, Role.SUPERVISOR, Role.ADMIN})),
    ("Consultations", "consultation_mine", "messages-square", frozenset({Role.COUNSELOR, Role.SUPERVISOR, Role.ADMIN})),
    ("Emergency access", "emergency_list", "siren", STAFF - {Role.DESK}),
    ("Incidents", "incident_list", "shield-alert", STAFF),
    (_("Report a problem"), "portal_report", "shield-alert", _PORTAL),
    ("Paper", "paper_out", "archive", frozenset({Role.COUNSELOR, Role.DESK, Role.ADMIN})),
    ("Care teams", "client_codes", "users-round", _ADMIN),
    ("Records to let go", "eligible_list", "hourglass", frozenset({Role.COUNSELOR, Role.ADMIN})),
    ("Certificates of destruction", "certificate_list", "file-x", _ADMIN),
    ("Holds on all records", "practice_hold_list", "lock", _ADMIN),
    ("Directory", "staff_directory", "contact-round", STAFF),
    ("Staff", "staff_list", "id-card", _ADMIN),
    ("Practice profile", "practice_profile", "building-2", _ADMIN),
    ("Notes and co-signing", "format_settings", "list-checks", _ADMIN),
    ("Professional executor", "executor_home", "heart-handshake", STAFF),
    ("Moving in and out", "move_list", "package-open", STAFF - {Role.SUPERVISOR}),
    ("Trail", "trail", "footprints", _ADMIN),
    ("Review of the trail", "signal_list", "scan-search", _ADMIN),
    ("Safeguards", "review_list", "shield-check", _ADMIN),
    ("Training", "training_list", "graduation-cap", STAFF),
    ("Devices", "device_list", "laptop", STAFF),
    ("Sanctions", "sanction_list", "scale", _ADMIN),
    ("Vendors", "vendor_list", "building", _ADMIN),
    ("Outbox", "outbox_list", "mail", _ADMIN),
    ("Operations", "operations", "activity", _ADMIN),
    (_("Signing in safely"), "mfa_index", "key-round", _ANYONE),
    (_("My sign-ins"), "signin_list", "monitor-smartphone", _ANYONE),
)

# What clients find at the foot of every page (NPP-4). An entry appears once its room brings the page.
FOOT = ((_("Notice of privacy practices"), "privacy_notice"), (_("Confidentiality policy"), "confidentiality_policy"))


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _menu(request: HttpRequest) -> list[dict[str, Any]]:
    held = {*request.user.roles}  # type: ignore[union-attr]  # asked only of people signed in
    entries = [(gettext(label), _url(name), icon) for label, name, icon, roles in MENU if held & roles]
    here = max((url for __, url, __ in entries if url and _under(request.path, url)), key=len, default="")
    return [{"label": label, "url": url, "icon": icon, "current": url == here} for label, url, icon in entries if url]


def _under(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


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
        found |= {"menu": _menu(request), "identity": _identity(request.user)} | _session(request)
        found["record_kept"] = CLIENT.get(practice.ownership, "") if request.user.is_portal_user else ""
        found["footer"] = _foot() if request.user.is_portal_user else []
        found["sees_names"] = request.user.holds(Role.COUNSELOR, Role.SUPERVISOR, Role.DESK)  # an admin alone sees codes anyway
        found["search_url"] = _url("client_search") if request.user.is_staff_member else ""
        found["emergency_until"] = _emergency(request.user)
        found["note_search_url"] = _url("note_search") if request.user.holds(Role.COUNSELOR, Role.SUPERVISOR) else ""
    return found


def _emergency(user: Any) -> datetime.datetime | None:
    """The banner's moment: kept with the person, so that every page may ask without a question to the database."""
    until: datetime.datetime | None = user.emergency_until
    return until if until and until > clock.now() else None


def _foot() -> list[dict[str, str]]:
    entries = [{"label": gettext(label), "url": _url(name)} for label, name in FOOT]
    return [entry for entry in entries if entry["url"]]


def _session(request: HttpRequest) -> dict[str, Any]:
    assert isinstance(request.session, SessionStore)
    return {
        "idle": {"left": request.session.seconds_left, "minutes": profile().idle_minutes, "person": again.mark_of(request.user)},  # type: ignore[arg-type]  # a User
        "open_room": open_room.is_on(),
        "shortcuts_off": bool(request.session.get(SHORTCUTS_OFF)),
    }

"""The menu: what each role finds at the side of every page, in groups that stand under one word.

A room's page gets a line here; the entry appears once the room brings the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from .roles import STAFF, Role

Entry = tuple[str, str, str, frozenset[Role]]  # label, url name, icon, who

_ANYONE = frozenset(Role)
_ADMIN = frozenset({Role.ADMIN})
_PORTAL = frozenset({Role.CLIENT, Role.REPRESENTATIVE})
_COUNSELOR = frozenset({Role.COUNSELOR})
_SENIOR = frozenset({Role.COUNSELOR, Role.SUPERVISOR})

MENU: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    (
        "",
        (
            ("Needs attention", "home", "house", STAFF),
            (_("Overview"), "portal_home", "house", _PORTAL),
            (_("Your papers"), "paper_list", "signature", _PORTAL),
            ("Messages", "own_thread_list", "mails", _PORTAL),
            (_("Report a problem"), "portal_report", "shield-alert", _PORTAL),
            ("Clients", "client_list", "users", STAFF - _ADMIN),
            ("New client", "client_new", "user-plus", frozenset({Role.COUNSELOR, Role.DESK})),
            ("Client questions", "question_queue", "message-circle-question-mark", _SENIOR),
            ("Co-signatures", "cosign_queue", "pen-line", frozenset({Role.SUPERVISOR})),
            ("Supervision", "supervision_home", "handshake", _SENIOR | _ADMIN),
            ("Consultations", "consultation_mine", "messages-square", _SENIOR | _ADMIN),
        ),
    ),
    (
        "Papers",
        (
            ("Forms", "form_list", "file-text", STAFF),
            ("Packets", "packet_list", "package", STAFF),
            ("Sessions without consent", "override_queue", "shield-question-mark", _SENIOR | _ADMIN),
            ("Paper", "paper_out", "archive", frozenset({Role.COUNSELOR, Role.DESK, Role.ADMIN})),
        ),
    ),
    (
        "Safety",
        (
            ("Emergency access", "emergency_list", "siren", STAFF - {Role.DESK}),
            ("Incidents", "incident_list", "shield-alert", STAFF),
            ("Trail", "trail", "footprints", _ADMIN),
            ("Review of the trail", "signal_list", "scan-search", _ADMIN),
            ("Safeguards", "review_list", "shield-check", _ADMIN),
            ("Training", "training_list", "graduation-cap", STAFF),
            ("Devices", "device_list", "laptop", STAFF),
            ("Vendors", "vendor_list", "building", _ADMIN),
            ("Sanctions", "sanction_list", "scale", _ADMIN),
        ),
    ),
    (
        "Keeping records",
        (
            ("Care teams", "client_codes", "users-round", _ADMIN),
            ("Records to let go", "eligible_list", "hourglass", frozenset({Role.COUNSELOR, Role.ADMIN})),
            ("Certificates of destruction", "certificate_list", "file-x", _ADMIN),
            ("Holds on all records", "practice_hold_list", "lock", _ADMIN),
            ("Professional executor", "executor_home", "heart-handshake", STAFF),
            ("Moving in and out", "move_list", "package-open", STAFF - {Role.SUPERVISOR}),
        ),
    ),
    (
        "The practice",
        (
            ("Directory", "staff_directory", "contact-round", STAFF),
            ("Staff", "staff_list", "id-card", _ADMIN),
            ("Practice profile", "practice_profile", "building-2", _ADMIN),
            ("Notes and co-signing", "format_settings", "list-checks", _ADMIN),
            ("Outbox", "outbox_list", "mail", _ADMIN),
            ("Operations", "operations", "activity", _ADMIN),
        ),
    ),
    (
        _("Your own"),
        (
            ("Snippets", "snippet_list", "text-quote", _COUNSELOR),
            ("Away", "away_list", "calendar-off", _COUNSELOR),
            (_("Signing on screen"), "my_agreements", "file-check", _PORTAL),
            (_("Signing in safely"), "mfa_index", "key-round", _ANYONE),
            (_("My sign-ins"), "signin_list", "monitor-smartphone", _ANYONE),
        ),
    ),
)


def url_of(name: str) -> str:
    """The address of a page, or nothing where no room brings it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def menu(request: HttpRequest) -> list[dict[str, Any]]:
    """Groups of ``{label, entries: [{label, url, icon, current}]}`` for whoever is signed in; a group without an entry is not there."""
    held = {*request.user.roles}  # type: ignore[union-attr]  # asked only of people signed in
    groups: list[dict[str, Any]] = [{"label": group and gettext(group), "entries": [*_entries(entries, held)]} for group, entries in MENU]
    every = [entry for group in groups for entry in group["entries"]]
    here = max((entry["url"] for entry in every if _under(request.path, entry["url"])), key=len, default="")
    for entry in every:
        entry["current"] = entry["url"] == here
    return [group for group in groups if group["entries"]]


def _entries(entries: tuple[Entry, ...], held: set[Role]) -> Iterator[dict[str, Any]]:
    for label, name, icon, roles in entries:
        if held & roles and (url := url_of(name)):
            yield {"label": gettext(label), "url": url, "icon": icon}


def _under(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))

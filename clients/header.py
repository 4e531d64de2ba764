"""The head of every page about one client: what they are called by this reader, and the tabs this reader may open.

A name is handed to the page only where the contact rule lets the reader see it; everybody else gets the code. The same
rules decide which tabs there are, so that no template asks who is looking.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from audit import asking

from . import access
from .calling import called
from .models import Client

Status = Client.Status
TONES = {Status.ENQUIRY: "info", Status.INTAKE: "wait", Status.ACTIVE: "good"}  # others are neutral
ICONS = {Status.ARCHIVED: "archive", Status.DISCHARGED: "door-open", Status.DESTROYED: "archive-x"}

# Label, url name (of this room or one to the right), the rule of the page behind it.
TABS = (
    ("Overview", "client_detail", access.readable_clients),
    ("Sessions & notes", "session_list", access.readable_clients),
    ("Consents", "consent_list", access.contact_clients),
    ("Messages", "thread_list", access.contact_clients),
    ("Disclosures", "disclosure_list", access.readable_clients),
    ("Contacts", "client_contacts", access.contact_clients),
    ("Care team", "client_team", access.watched_clients),
    ("Access", "client_access", access.watched_clients),
)
_RULES = (
    access.readable_clients,
    access.contact_clients,
    access.watched_clients,
    access.assignable_clients,
    access.contact_changeable_clients,
    access.counseled_clients,
    access.open_enquiries,
    access.closed_enquiries,
)


def state(client: Client) -> dict[str, str]:
    """The client's status as a word, a tone and an icon, for ``_state.html``."""
    status = Status(client.status)
    return {"word": str(status.label).capitalize(), "tone": TONES.get(status, "neutral"), "icon": ICONS.get(status, "")}


def _judged(user: Any) -> QuerySet[Client]:
    """Clients, and of each which of the rules let ``user`` pass."""
    asked = {rule.__name__: Exists(rule(user).filter(pk=OuterRef("pk"))) for rule in _RULES}
    return Client.objects.only("pk").annotate(**asked)


def _answers(user: Any, client: Client) -> dict[str, bool]:
    """Which of the rules let ``user`` pass for ``client``: one question to the database, kept as those of the doors are."""
    (row,) = asking.rows(_judged, user, {"pk": client.pk})
    return {rule.__name__: getattr(row, rule.__name__) for rule in _RULES}


def _tab(label: str, name: str, client: Client, here: str) -> dict[str, Any] | None:
    try:
        return {"label": label, "url": reverse(name, kwargs={"pk": client.pk}), "current": name == here}
    except NoReverseMatch:  # its room has not brought the page yet
        return None


def of(request: HttpRequest, client: Client, here: str = "") -> dict[str, Any]:
    """Context ``head`` of ``clients/client_base.html`` for ``client``, which a door gave. ``here`` names the current tab.

    Returns client, code, name and pronouns (empty unless the reader may see them), state, tabs and ``may``, the rules that hold.
    """
    may = _answers(request.user, client)
    tabs = [_tab(label, name, client, here) for label, name, rule in TABS if may[rule.__name__]]
    named = may["contact_clients"]
    return {
        "client": client,
        "code": client.code,
        "name": called(client) if named else "",
        "pronouns": client.pronouns if named else "",
        "state": state(client),
        "tabs": [tab for tab in tabs if tab],
        "may": may,
    }

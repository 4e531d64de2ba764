"""What to call whoever is on the other side of a thread, and who reads it."""

from __future__ import annotations

from typing import Any

from clients.access import care_team
from clients.calling import called, hushed
from practice.models import User

from . import access
from .models import Thread

Reader = dict[str, Any]
DESK: Reader = {"name": "The front desk", "role": "appointments and bills", "until": None}


def whom(thread: Thread) -> str:
    """The person of ``thread``, for staff: the client, or the name of a representative's account; in an open room neither."""
    return called(thread.client) if thread.is_own else hushed(str(thread.person.name), "a representative")


def readers(thread: Thread, *, own: bool) -> list[Reader]:
    """Who can read ``thread``, which a door gave: by name and role. ``own``: as its person reads it."""
    person = {"name": "You" if own else whom(thread), "role": "" if own else thread.get_capacity_display(), "until": None}
    team = [{"name": grant.user.name, "role": grant.role_word, "until": grant.until} for grant in care_team(thread.client)]
    return [person, *team, *([DESK] if thread.kind == Thread.Kind.OFFICE else [])]


def meanwhile(thread: Thread) -> list[dict[str, Any]]:
    """Who of the client's counselors is away today until when, and who answers meanwhile; nobody is named who may not open it."""
    team: dict[Any, User] = {grant.user_id: grant.user for grant in care_team(thread.client) if grant.permission.codename != "supervise"}
    absent = access.absent([*team])
    return [{"who": row.person.name, "until": row.ends_at, "cover": row.cover.name if row.cover_id in team else ""} for row in absent]

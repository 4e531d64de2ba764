"""Roles open menus, never records: what someone may open is a grant on a client, kept in clients/."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models


class Role(models.TextChoices):
    """What a person does in the practice. One person may hold several."""

    COUNSELOR = "counselor", "counselor"
    SUPERVISOR = "supervisor", "supervisor"
    DESK = "desk", "front desk"
    ADMIN = "admin", "admin (privacy officer)"
    EXECUTOR = "executor", "professional executor"
    CLIENT = "client", "client"
    REPRESENTATIVE = "representative", "representative"


STAFF = frozenset({Role.COUNSELOR, Role.SUPERVISOR, Role.DESK, Role.ADMIN, Role.EXECUTOR})
PORTAL = frozenset({Role.CLIENT, Role.REPRESENTATIVE})


def in_words(roles: Iterable[str]) -> str:
    """Roles as people say them, in the order they are held: "counselor, front desk"."""
    return ", ".join(str(Role(role).label) for role in roles)


WHAT_THEY_DO = {
    Role.COUNSELOR: "Sees clients assigned to them; writes and signs their notes.",
    Role.SUPERVISOR: "Reads the notes of clients they supervise; never edits them.",
    Role.DESK: "Takes in clients and keeps contact data; never opens a clinical tab.",
    Role.ADMIN: "Invites staff, assigns care teams and reviews the trail; sees codes, no names and no clinical text.",
    Role.EXECUTOR: "Somebody from outside whom a counselor named to go on for them; sees no client before two persons release it.",
    Role.CLIENT: "Sees their own record in the portal.",
    Role.REPRESENTATIVE: "Sees in the portal what their authority covers, from and until its dates.",
}

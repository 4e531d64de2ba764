"""Who may open what of the record. Each function is a queryset; its first line says who in a sentence."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from clients.access import denied, granted
from clients.models import Codename
from clients.models.team import CLINICAL

from .models import Kind, Note, Session

_COUNSEL = [Codename.COUNSEL, Codename.COVER]


def readable_sessions(user: Any) -> QuerySet[Session]:
    """The client's care team, while their grant is in force."""
    return Session.objects.filter(granted(user, CLINICAL, "client"), ~denied(user, "client")).order_by("-starts_at", "pk")


def changeable_sessions(user: Any) -> QuerySet[Session]:
    """The counselor of the session, while they counsel the client (or cover)."""
    return readable_sessions(user).filter(granted(user, _COUNSEL, "client"), counselor=user.pk)


def readable_notes(user: Any) -> QuerySet[Note]:
    """The client's care team, once signed; a draft is its author's; a psychotherapy note is its author's alone (REC-1, REC-3)."""
    mine = Q(author=user.pk)
    shared = Q(signed_at__isnull=False) & ~Q(kind=Kind.PSYCHOTHERAPY)
    team = Note.objects.filter(granted(user, CLINICAL, "client"), ~denied(user, "client"))
    return team.filter(mine | shared).order_by("-created_at", "pk")


def editable_notes(user: Any) -> QuerySet[Note]:
    """The author, while they counsel the client and until the note is signed."""
    return readable_notes(user).filter(granted(user, _COUNSEL, "client"), author=user.pk, signed_at=None)


signable_notes = editable_notes


def amendable_notes(user: Any) -> QuerySet[Note]:
    """The author of a signed note, while they counsel the client: corrections are addenda (REC-5)."""
    return readable_notes(user).filter(granted(user, _COUNSEL, "client"), author=user.pk, signed_at__isnull=False)

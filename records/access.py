"""Who may open what of the record. Each function is a queryset; its first line says who in a sentence."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from audit import clock
from clients.access import denied, granted, readable_clients
from clients.models import Client, Codename
from clients.models.team import CLINICAL
from practice.models import User

from .models import Addendum, Kind, Note, Session

_COUNSEL = [Codename.COUNSEL, Codename.COVER]


def readable_sessions(user: Any) -> QuerySet[Session]:
    """The client's care team, while their grant is in force."""
    team = Session.objects.filter(granted(user, CLINICAL, "client"), ~denied(user, "client"))
    return team.select_related("client", "counselor").order_by("-starts_at", "-pk")


def changeable_sessions(user: Any) -> QuerySet[Session]:
    """The counselor of the session, while they counsel the client (or cover)."""
    return readable_sessions(user).filter(granted(user, _COUNSEL, "client"), counselor=user.pk)


def unnoted_sessions(user: Any) -> QuerySet[Session]:
    """The counselor's own sessions that took place, or should have, without a note in the record; the oldest first (REC-2, REC-5)."""
    took_place = changeable_sessions(user).filter(ends_at__lte=clock.now(), outcome__in=[Session.Outcome.PLANNED, Session.Outcome.ATTENDED])
    noted = readable_notes(user).filter(session=OuterRef("pk")).exclude(kind=Kind.PSYCHOTHERAPY)
    return took_place.filter(~Exists(noted)).order_by("ends_at", "pk")


def possible_participants(user: Any, unit: Client) -> QuerySet[Client]:
    """The members of the couple or family ``unit`` whose own record the person may open: a grant on the unit shows nobody's name."""
    return readable_clients(user).filter(places__unit=unit.pk).order_by("since", "pk")


def participants(user: Any, session: Session) -> QuerySet[Client]:
    """Who was there, of those whose own record the person may open."""
    return readable_clients(user).filter(attended__session=session.pk).order_by("since", "pk")


def readable_once_signed(user: Any) -> QuerySet[Note]:
    """The client's care team; a psychotherapy note is its author's alone (REC-1, REC-3)."""
    team = Note.objects.filter(granted(user, CLINICAL, "client"), ~denied(user, "client"))
    shown = team.filter(Q(author=user.pk) | ~Q(kind=Kind.PSYCHOTHERAPY))
    return shown.select_related("client", "author", "signed_by", "session__counselor").order_by("-created_at", "-pk")


def readable_notes(user: Any) -> QuerySet[Note]:
    """The client's care team, once signed; a draft is its author's; a psychotherapy note is its author's alone (REC-1, REC-3)."""
    return readable_once_signed(user).filter(Q(author=user.pk) | Q(signed_at__isnull=False))


def editable_notes(user: Any) -> QuerySet[Note]:
    """The author, while they counsel the client and until the note is signed."""
    return readable_notes(user).filter(granted(user, _COUNSEL, "client"), author=user.pk, signed_at=None)


signable_notes = editable_notes


def unsigned_drafts(user: Any) -> QuerySet[Note]:
    """The author's own drafts, while they counsel the client; the oldest first, for they become urgent (REC-5)."""
    return editable_notes(user).order_by("created_at", "pk")


def amendable_notes(user: Any) -> QuerySet[Note]:
    """The author of a signed note, while they counsel the client: corrections are addenda (REC-5)."""
    return readable_notes(user).filter(granted(user, _COUNSEL, "client"), author=user.pk, signed_at__isnull=False)


def charted_sessions(user: Any) -> QuerySet[Session]:
    """The client's care team, for a part of the record on paper; the oldest first."""
    return readable_sessions(user).defer("place").order_by("starts_at", "pk")


def charted_notes(user: Any) -> QuerySet[Note]:
    """The client's care team, for a part of the record on paper: signed notes, and no psychotherapy note, not even one's own (REC-1).

    With their addenda, the oldest first by ``dated``: the session's start, or when a note without one was begun.
    """
    signed = readable_notes(user).filter(signed_at__isnull=False).exclude(kind=Kind.PSYCHOTHERAPY)
    addenda = Prefetch("addenda", Addendum.objects.select_related("author").order_by("signed_at", "pk"))
    dated = signed.annotate(dated=Coalesce("session__starts_at", "created_at")).order_by("dated", "pk")
    return dated.defer("session__place").prefetch_related(addenda)


def readers_of(note: Note) -> list[User]:
    """Who can read ``note``, now or (a draft) once it is signed: the door's own querysets, asked for each of the team at once."""
    rule = readable_notes if note.is_signed else readable_once_signed
    people = list(User.objects.staff().filter(clientpermission__content_object=note.client_id).distinct())
    asked = [rule(person).order_by().filter(pk=note.pk).values_list(Value(str(person.pk))) for person in people]
    if not asked:
        return []
    may = {ident for (ident,) in asked[0].union(*asked[1:])}
    return [person for person in people if str(person.pk) in may]

"""Who consults with whom. Each function is a queryset; its first line says who in a sentence."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, Func, OuterRef, Q, QuerySet, UUIDField, Value

from audit import clock
from clients.access import counseled_clients, denied, granted, readable_clients, whole_of
from clients.models import Client, Codename
from clients.models.team import CLINICAL
from consent.access import same_person, stands
from consent.models import Authorization, Request
from practice.models import Practice, User
from practice.roles import Role
from records.access import charted_notes
from records.models import Note

from . import law
from .models import Advice, Consultation, DeidentifiedView, OutsidePage

_COUNSEL = [Codename.COUNSEL, Codename.COVER]


def own_views(user: Any) -> QuerySet[DeidentifiedView]:
    """The counselor who made it, while they counsel the client: their de-identified views, the latest first."""
    mine = DeidentifiedView.objects.filter(granted(user, _COUNSEL, "client"), ~denied(user, "client"), made_by=user.pk)
    return mine.select_related("client", "colleague").order_by("-made_at", "pk")


def own_drafts(user: Any) -> QuerySet[DeidentifiedView]:
    """The same, of those that are not shared yet and were not put away."""
    return own_views(user).filter(shared_at=None, ended_at=None)


def standing_views(user: Any) -> QuerySet[DeidentifiedView]:
    """The same, of those that a colleague can read now."""
    return own_views(user).filter(shared_at__isnull=False, ended_at=None, until__gt=clock.now())


def shared_views(user: Any) -> QuerySet[DeidentifiedView]:
    """The colleague who was asked, until the view ends: its words, and nothing else of the client."""
    clinical = user.pk if user.holds(Role.COUNSELOR, Role.SUPERVISOR) else None
    mine = DeidentifiedView.objects.filter(~denied(user, "client"), colleague=clinical, colleague__isnull=False)
    return (
        mine.filter(shared_at__isnull=False, ended_at=None, until__gt=clock.now())
        .defer("work")
        .select_related("made_by")
        .order_by("until", "pk")
    )


def viewable_notes(user: Any, client: Client) -> QuerySet[Note]:
    """The client's care team: signed notes of ``client``, whom a door gave; never a psychotherapy note (SU-2, REC-3)."""
    return charted_notes(user).filter(client__in=whole_of(client, readable_clients, user))


def colleagues(user: Any, client: Client) -> QuerySet[User]:
    """Whom the client's counselor may ask: counselors and supervisors here, but themself, and nobody on the client's deny list."""
    people = User.objects.working().filter(roles__overlap=[Role.COUNSELOR, Role.SUPERVISOR]).exclude(pk=user.pk)
    people = people.filter(Exists(counseled_clients(user).filter(pk=client.pk)))
    return people.exclude(denials__client__in=whole_of(client, readable_clients, user)).order_by("joined_at")


# --- consultations ------------------------------------------------------------------------------------------------------


def consulting_practice(user: Any) -> QuerySet[Practice]:
    """Counselors, supervisors and admins: to write down a consultation about no client."""
    may = user.holds(Role.COUNSELOR, Role.SUPERVISOR, Role.ADMIN)
    return Practice.objects.all() if may else Practice.objects.none()


def fellows(user: Any) -> QuerySet[User]:
    """Whom one may ask about no client: everybody else who counsels or supervises here."""
    people = User.objects.working().filter(roles__overlap=[Role.COUNSELOR, Role.SUPERVISOR]).exclude(pk=user.pk)
    return people.filter(Exists(consulting_practice(user))).order_by("joined_at")


def consultations(user: Any) -> QuerySet[Consultation]:
    """The client's care team; of those about no client who asked; of those about an incident admins too: the latest first (SU-7)."""
    staff = user.pk if user.holds(Role.COUNSELOR, Role.SUPERVISOR, Role.ADMIN) else None
    officer = Q(serves="incident") if user.holds(Role.ADMIN) else Q(pk=None)
    free = Q(client=None) & (Q(asked_by=staff) | officer)
    bound = Q(granted(user, CLINICAL, "client"), ~denied(user, "client"), client__isnull=False)
    return (
        Consultation.objects.filter(bound | free)
        .select_related("client", "asked_by", "consultant", "view", "outcome")
        .order_by("-asked_at", "pk")
    )


def own_consultations(user: Any) -> QuerySet[Consultation]:
    """Who asked, while they counsel the client if it is about one: what is not decided yet."""
    mine = Q(granted(user, _COUNSEL, "client"), ~denied(user, "client")) | Q(client=None)
    return consultations(user).filter(mine, asked_by=user.pk, outcome=None)


def free_consultations(user: Any) -> QuerySet[Consultation]:
    """Who asked: their consultations about no client; admins also those about an incident."""
    return consultations(user).filter(client=None)


def advised_consultations(user: Any) -> QuerySet[Consultation]:
    """Who asked: those that somebody advised on, and that are not decided yet, the oldest first."""
    return own_consultations(user).filter(Exists(Advice.objects.filter(consultation=OuterRef("pk")))).order_by("asked_at", "pk")


def advisable_views(user: Any) -> QuerySet[DeidentifiedView]:
    """The colleague who was asked, until it ends: to advise, while whoever asked has not decided."""
    return shared_views(user).filter(consultation__isnull=False, consultation__outcome=None)


def advice(consultation: Consultation) -> QuerySet[Advice]:
    """What was advised on ``consultation``, which a door gave, the first one first."""
    return Advice.objects.filter(consultation=consultation.pk).select_related("by").order_by("at", "pk")


def own_advice(user: Any, view: DeidentifiedView) -> QuerySet[Advice]:
    """What the colleague ``user`` advised on ``view``, which a door gave."""
    return Advice.objects.filter(consultation__view=view.pk, by=user.pk).order_by("at", "pk")


def pages(user: Any, consultation: Consultation) -> QuerySet[OutsidePage]:
    """Who asked: the pages for somebody of outside that were made for ``consultation``, which a door gave."""
    return OutsidePage.objects.filter(consultation=consultation.pk, made_by=user.pk).order_by("-made_at", "pk")


def open_pages(user: Any) -> QuerySet[OutsidePage]:
    """Who made it, while they counsel the client if it is about one: pages of outside that can still be used."""
    mine = Q(granted(user, _COUNSEL, "client"), ~denied(user, "client")) | Q(client=None)
    found = OutsidePage.objects.filter(mine, made_by=user.pk, stopped_at=None, answered_at=None, until__gt=clock.now())
    return found.select_related("consultation__view", "client")


def knocked_on(user: Any, link: bytes) -> QuerySet[OutsidePage]:
    """Whoever holds the link, through the grants of whoever made it: the page behind it, while it works."""
    return open_pages(user).filter(link=link, tries__lt=law.page_limits()["tries"], consultation__outcome=None)


def maker_of(link: bytes) -> User | None:
    """Whoever holds the link: who made the page, if they still work here. The database says no more of it."""
    maker = Func(Value(link), function="subrosa_page_maker", output_field=UUIDField())
    return User.objects.staff().filter(pk=maker).first()


def signed_for(user: Any, client: Client) -> QuerySet[Authorization]:
    """The care team: authorizations of ``client``, whom a door gave, on which something may be told now (AU-3)."""
    given = Request.objects.filter(stands(), pk=OuterRef("request"))
    mine = Authorization.objects.filter(granted(user, CLINICAL, "client"), ~denied(user, "client"))
    found = mine.filter(Exists(given), client__in=same_person(client, user))
    return found.filter(Q(event_at=None) | Q(event_at__gt=clock.now())).order_by("-request__asked_at", "pk")

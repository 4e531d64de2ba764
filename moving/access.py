"""Who may have records leave, or bring them in. Each function is a queryset; its first line says who in a sentence."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from audit import clock
from clients.access import assignable_clients, contact_changeable_clients, denied, granted, live_grants
from clients.models import Client, ClientPermission, Codename
from practice.access import governed_practice, intake_practice
from practice.models import Practice
from practice.roles import Role

from .models import Arrival, MoveIn, MoveOut, MoveOutPart

_SHOWN_WITH_IT = ("client", "asked_by", "decided_by")
Outcome = MoveOut.Outcome


def movable_clients(user: Any) -> QuerySet[Client]:
    """The client's own counselor, and admins (privacy officers): to ask for a bundle of this record."""
    return assignable_clients(user)


def movable_practice(user: Any) -> QuerySet[Practice]:
    """Admins: to ask for a bundle of the whole practice."""
    return governed_practice(user)


def moves(user: Any) -> QuerySet[MoveOut]:
    """Admins, and the client's counselor; nobody who is denied the client, nor who asked and counsels them no more."""
    side = Q() if user.holds(Role.ADMIN) else Q(granted(user, [Codename.COUNSEL], "client"))
    rows = MoveOut.objects.filter(side, ~denied(user, "client"))
    return rows.select_related(*_SHOWN_WITH_IT).defer(*_UNNAMED).order_by("-asked_at", "pk")


_UNNAMED = [f"client__{name}" for name in ("given_name", "family_name", "preferred_name", "pronouns", "born_on", "languages", "emergency")]


def decidable_moves(user: Any) -> QuerySet[MoveOut]:
    """Somebody else: of a client's the counselor, or an admin where the counselor asked; of the practice's another admin."""
    counselor_asked = Exists(live_grants([Codename.COUNSEL]).filter(user=OuterRef("asked_by"), content_object=OuterRef("client")))
    second = Q(granted(user, [Codename.COUNSEL], "client")) | Q(client=None) | counselor_asked  # of moves that one counsels, or as an admin
    return moves(user).filter(second, outcome=Outcome.OPEN).exclude(asked_by=user.pk)


def stoppable_moves(user: Any) -> QuerySet[MoveOut]:
    """Whoever may see it, while it waits, is made, or can be fetched."""
    return moves(user).filter(outcome__in=[Outcome.OPEN, Outcome.APPROVED], gone_at=None)


def takeable_moves(user: Any) -> QuerySet[MoveOut]:
    """Who asked, while they still might ask, from when it is made until it ends."""
    return moves(user).filter(outcome=Outcome.APPROVED, made_at__isnull=False, until__gt=clock.now(), gone_at=None, asked_by=user.pk)


def parts(user: Any, row: MoveOut) -> QuerySet[MoveOutPart]:
    """The parts of ``row``, which a door gave, without those of clients whom the person is denied by now."""
    return MoveOutPart.objects.filter(~denied(user, "client"), out=row.pk).select_related("client").defer(*_UNNAMED).order_by("number")


def readers(client: Client) -> QuerySet[ClientPermission]:
    """The live grants of counselors who may open all of ``client``'s record: in whose name it is packed. The longest there comes first."""
    whole = live_grants([Codename.COUNSEL]).filter(content_object=client.pk, withheld=[], user__is_active=True)
    return whole.select_related("user").order_by("since", "pk")


# --- moving in ------------------------------------------------------------------------------------------------------------


def bringing_practice(user: Any) -> QuerySet[Practice]:
    """Counselors and the front desk: whoever could type it in may bring it in, and nobody else."""
    return intake_practice(user)


def moves_in(user: Any) -> QuerySet[MoveIn]:
    """Whoever brought the file, while they work here as a counselor or at the front desk: it is nobody else's to read."""
    mine = MoveIn.objects.filter(brought_by=user.pk if user.holds(Role.COUNSELOR, Role.DESK) else None)
    return mine.order_by("-brought_at", "pk")


def open_moves_in(user: Any) -> QuerySet[MoveIn]:
    """The same person, until all of it is brought in or it is gone."""
    return moves_in(user).exclude(state__in=[MoveIn.State.DONE, MoveIn.State.STOPPED]).filter(gone_at=None, until__gt=clock.now())


def coming_moves_in(user: Any) -> QuerySet[MoveIn]:
    """The same person: a file of which parts are still to be sent."""
    return open_moves_in(user).filter(state=MoveIn.State.COMING)


def faulty_moves_in(user: Any) -> QuerySet[MoveIn]:
    """The same person: a file some of whose rows were wrong, until these are gone."""
    return moves_in(user).filter(gone_at=None, wrong__gt=0)


def arrivals(user: Any) -> QuerySet[Arrival]:
    """The client's counselor, and the front desk: what was brought in of whom they may write of."""
    return Arrival.objects.filter(Exists(contact_changeable_clients(user).filter(pk=OuterRef("client"))))

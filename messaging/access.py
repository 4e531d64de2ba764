"""Who may read and write what. Each function is a queryset; its first line says who in a sentence."""

from __future__ import annotations

import datetime
from typing import Any, TypeVar, cast

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    BooleanField,
    DateTimeField,
    Exists,
    F,
    Func,
    Model,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    UUIDField,
)

from audit import clock
from clients.access import (
    contact_changeable_clients,
    contact_clients,
    counseled_clients,
    denied,
    governed_clients,
    granted,
    live_grants,
    portal_clients,
)
from clients.models import UNITS, Client, ClientPermission, Codename
from clients.models.team import CLINICAL, PORTAL
from clients.scope import reaches
from practice.models import Practice, User
from practice.roles import Role

from .models import Attachment, Away, ContactLine, Draft, Filed, Message, Outgoing, Override, Thread

Row = TypeVar("Row", bound=Model)
_COUNSEL = [Codename.COUNSEL, Codename.COVER]
_PUT_AWAY = Client.Status.ARCHIVED  # such a record is closed: it is read, and nobody writes


# --- threads: the practice's side -----------------------------------------------------------------------------------------


def _desk(user: Any, thread: str = "") -> Q:
    """A condition: the front desk, of an office thread (``thread`` is the path to it)."""
    return Q(**{f"{thread}kind": Thread.Kind.OFFICE}) if user.holds(Role.DESK) else Q(pk=None)


def _standing(rows: QuerySet[Row], *names: str) -> QuerySet[Row]:
    """Those of ``rows`` whose client, person and capacity, under these ``names``, stand in the portal now."""
    stands = Func(*(F(name) for name in names), function="subrosa_stands", output_field=BooleanField())
    return cast("QuerySet[Row]", rows.alias(stands=stands).filter(stands=True))


def _shown_with(rows: QuerySet[Thread]) -> QuerySet[Thread]:
    return rows.select_related("client", "person").order_by("-last_at", "pk")


def threads(user: Any) -> QuerySet[Thread]:
    """The client's care team; of an office thread the front desk too."""
    return _shown_with(Thread.objects.filter(Q(granted(user, CLINICAL, "client")) | _desk(user), ~denied(user, "client")))


def answered_threads(user: Any) -> QuerySet[Thread]:
    """Those who answer: the client's counselor or who covers; of an office thread the front desk too."""
    return _shown_with(Thread.objects.filter(Q(granted(user, _COUNSEL, "client")) | _desk(user), ~denied(user, "client")))


def answerable_threads(user: Any) -> QuerySet[Thread]:
    """The same people, while the other side still has standing in the portal and the record is not closed."""
    return _standing(answered_threads(user), "client_id", "person_id", "capacity").exclude(client__status=_PUT_AWAY)


def waiting_threads(user: Any) -> QuerySet[Thread]:
    """Those who answer: what somebody wrote and nobody has answered or laid aside; what waits longest stands first."""
    rows = answered_threads(user).filter(waiting_since__isnull=False).exclude(client__status=_PUT_AWAY)
    return rows.order_by("waiting_since", "pk")


def fileable_threads(user: Any) -> QuerySet[Thread]:
    """The client's counselor, or who covers: to put messages into the record."""
    return threads(user).filter(granted(user, _COUNSEL, "client"), last_at__isnull=False)


def writing_clients(user: Any) -> QuerySet[Client]:
    """Those who keep the client's contact data: to begin a thread. A unit has none, nor a closed record."""
    return contact_changeable_clients(user).exclude(kind__in=UNITS).exclude(status=_PUT_AWAY)


def in_portal(client: Client) -> QuerySet[ClientPermission]:
    """Whom of ``client``, which a door gave, one may write to: those with standing in the portal, who are on no deny list."""
    rows = live_grants(PORTAL).filter(content_object=client)
    return _standing(rows, "content_object_id", "user_id", "permission__codename").order_by("permission__codename", "since")


def _messages() -> QuerySet[Message]:
    files = Prefetch("attachments", Attachment.objects.order_by("position"))
    return Message.objects.select_related("sender", "thread").prefetch_related(files).order_by("-sent_at", "-pk")


def messages(user: Any) -> QuerySet[Message]:
    """Whoever may read the thread; where a transfer left earlier notes shut, so are earlier messages."""
    team = reaches(user, "notes", "client", "sent_at")
    return _messages().filter(Q(team) | _desk(user, "thread__"), ~denied(user, "client"))


def attachments(user: Any) -> QuerySet[Attachment]:
    """Whoever may read the message that it came with."""
    rows = Attachment.objects.filter(Exists(messages(user).order_by().filter(pk=OuterRef("message"))))
    return rows.select_related("message__thread__client").order_by("pk")


def filed(user: Any) -> QuerySet[Filed]:
    """The client's care team: which messages are in the record."""
    return Filed.objects.filter(granted(user, CLINICAL, "client"), ~denied(user, "client")).select_related("filed_by")


# --- threads: the portal's side -------------------------------------------------------------------------------------------


def own_threads(user: Any) -> QuerySet[Thread]:
    """Whoever writes in it, while they have standing: the client their own, a representative theirs, and never each other's."""
    as_client = Q(granted(user, [Codename.PORTAL_SELF], "client"), capacity=Thread.Capacity.SELF)
    as_representative = Q(granted(user, [Codename.PORTAL_REPRESENT], "client"), capacity=Thread.Capacity.REPRESENT)
    return _shown_with(Thread.objects.filter(as_client | as_representative, ~denied(user, "client"), person=user.pk))


def own_open_threads(user: Any) -> QuerySet[Thread]:
    """The same, while the record is not closed."""
    return own_threads(user).exclude(client__status=_PUT_AWAY)


def own_writing_clients(user: Any) -> QuerySet[Client]:
    """The client, and representatives while their authority is in force: to write to the practice."""
    return portal_clients(user).exclude(kind__in=UNITS).exclude(status=_PUT_AWAY)


def own_capacity(user: Any, client: Client) -> str:
    """As what ``user`` is in the portal of ``client``, which a door gave."""
    grants = in_portal(client).filter(user=user.pk).order_by("permission__codename")
    return str(grants.values_list("permission__codename", flat=True).last() or "")  # "portal_self" stands behind "portal_represent"


def own_messages(user: Any) -> QuerySet[Message]:
    """Whoever writes in the thread, while they have standing."""
    return _messages().filter(Exists(own_threads(user).order_by().filter(pk=OuterRef("thread"))))


def own_attachments(user: Any) -> QuerySet[Attachment]:
    """Whoever writes in the thread that it came in, while they have standing."""
    rows = Attachment.objects.filter(Exists(own_threads(user).order_by().filter(pk=OuterRef("message__thread"))))
    return rows.select_related("message__thread__client").order_by("pk")


def unread_threads(user: Any) -> QuerySet[Thread]:
    """Whoever writes in it: what the practice wrote, and they have not had before them since, by the trail."""
    return with_reading(own_threads(user)).filter(Q(read_at=None) | Q(read_at__lt=F("answered_at")), answered_at=F("last_at"))


def with_reading(rows: QuerySet[Thread]) -> QuerySet[Thread]:
    """``rows`` with ``read_at``: when the person of the thread last had it before them, by the trail."""
    return rows.annotate(read_at=Func(F("pk"), function="messaging_read_at", output_field=DateTimeField()))


def read_at(thread: Thread) -> datetime.datetime | None:
    """When the person of ``thread``, which a door gave, last had it before them, by the trail."""
    asked = Func(F("pk"), function="messaging_read_at", output_field=DateTimeField())
    return Thread.objects.filter(pk=thread.pk).values_list(asked, flat=True).first()


def open_questions(user: Any, client: Client) -> QuerySet[Thread]:
    """Those who answer: what waits for an answer of ``client``, which a door gave."""
    return waiting_threads(user).filter(client=client)


def own_draft(user: Any, thread: Thread) -> Draft | None:
    """What ``user`` has begun to write in ``thread``, which a door gave."""
    return Draft.objects.filter(thread=thread, author=user.pk).select_related("thread").first()


# --- who is away ----------------------------------------------------------------------------------------------------------


def _now(rows: QuerySet[Away]) -> QuerySet[Away]:
    now = clock.now()
    return rows.filter(ended_at=None, begins_at__lte=now, ends_at__gte=now).select_related("person", "cover").order_by("begins_at", "pk")


def absent_practice(user: Any) -> QuerySet[Practice]:
    """Counselors: to say when they are away, and who covers."""
    return Practice.objects.all() if user.holds(Role.COUNSELOR) else Practice.objects.none()


def own_absences(user: Any) -> QuerySet[Away]:
    """Counselors: when they themself are away, from today on."""
    rows = Away.objects.filter(person=user.pk, ended_at=None, ends_at__gte=clock.now())
    return rows.select_related("cover").order_by("begins_at", "pk") if user.holds(Role.COUNSELOR) else rows.none()


def absent(people: list[Any]) -> QuerySet[Away]:
    """Who of ``people``, the care team of a client that a door gave, is away today."""
    return _now(Away.objects.filter(person__in=people))


def _uncovered(rows: QuerySet[Away]) -> QuerySet[Away]:
    waits = Func(F("pk"), function="messaging_uncovered", output_field=BigIntegerField())
    return _now(rows).annotate(waits=waits).filter(waits__gt=0)


def covers(user: Any) -> QuerySet[Away]:
    """Who covers for a colleague: while something waits that they may not open. How many, and never of whom."""
    return _uncovered(Away.objects.filter(cover=user.pk if user.is_staff_member else None))


def covers_without_access(user: Any) -> QuerySet[Away]:
    """Admins: colleagues who cover, while something waits that they may not open."""
    return _uncovered(Away.objects.all() if user.holds(Role.ADMIN) else Away.objects.none())


def uncovered_clients(user: Any, away: Away) -> QuerySet[Client]:
    """Admins: by code, whose messages wait and are open to nobody who is here."""
    found = Func(F("pk"), function="messaging_uncovered_clients", output_field=ArrayField(UUIDField()))
    idents = Away.objects.filter(pk=away.pk).values_list(found, flat=True).first()
    return governed_clients(user).filter(pk__in=idents or [])


def covering_colleagues(user: Any) -> QuerySet[User]:
    """Counselors: their colleagues who counsel or supervise here now, of whom one may cover."""
    found = User.objects.working().filter(roles__overlap=[Role.COUNSELOR, Role.SUPERVISOR]).exclude(pk=user.pk).order_by("joined_at")
    return found if user.holds(Role.COUNSELOR) else found.none()


# --- what leaves the house, and the contact log --------------------------------------------------------------------------


def endangered_clients(user: Any) -> QuerySet[Client]:
    """The client's counselor (or who covers for them), and admins: whoever may reach somebody in danger by any way (CM-7)."""
    return governed_clients(user) if user.holds(Role.ADMIN) else counseled_clients(user)


def contact_lines(user: Any) -> QuerySet[ContactLine]:
    """The care team, and the front desk: calls, letters and meetings outside the portal, the latest first."""
    mine = ContactLine.objects.filter(Exists(contact_clients(user).filter(pk=OuterRef("client"))))
    return mine.select_related("recorded_by", "client").order_by("-at", "-recorded_at", "pk")


def outgoing(user: Any) -> QuerySet[Outgoing]:
    """Admins: what was handed over, refused or stopped, of every client but those on whose deny list they stand; no words, no addresses."""
    rows = Outgoing.objects.filter(~denied(user, "client")) if user.holds(Role.ADMIN) else Outgoing.objects.none()
    return rows.select_related("client", "by", "notice").order_by("-at", "pk")


def unnoted(user: Any) -> QuerySet[Outgoing]:
    """The client's counselor (or who covers for them): what did not leave, and nobody has seen to yet."""
    mine = Outgoing.objects.filter(Exists(counseled_clients(user).filter(pk=OuterRef("client"))), noted_at=None)
    return mine.exclude(state=Outgoing.State.HANDED).select_related("client").order_by("at", "pk")


def overrides_to_review(user: Any) -> QuerySet[Override]:
    """Admins: what others sent to somebody in danger, and nobody has reviewed (CM-7)."""
    rows = Override.objects.filter(~denied(user, "client")) if user.holds(Role.ADMIN) else Override.objects.none()
    return rows.filter(reviewed_at=None).exclude(by=user.pk).select_related("client", "by", "outgoing").order_by("at", "pk")

"""Who may read the accounting and answer requests. Each function is a queryset; its first line says who in a sentence."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from audit import clock
from clients.access import denied, granted
from clients.models import Client, Codename
from clients.models.team import CLINICAL, PORTAL
from consent.access import recipient_token, same_person
from consent.models import Authorization
from practice.models import User

from . import law
from .models import AccountingRequest, Disclosure, Suspension

_COUNSEL = [Codename.COUNSEL, Codename.COVER]


def _today() -> datetime.date:
    return timezone.localdate(clock.now())


# --- the accounting -----------------------------------------------------------------------------------------------------


def readable_disclosures(user: Any) -> QuerySet[Disclosure]:
    """The care team, while their grant is in force."""
    mine = Disclosure.objects.filter(granted(user, CLINICAL, "client"), ~denied(user, "client"))
    return mine.select_related("made_by", "reverses", "reversal__made_by", "client").order_by("-on", "-made_at", "pk")


def reversible_disclosures(user: Any) -> QuerySet[Disclosure]:
    """The client's counselor (or who covers): entries that nobody took back."""
    mine = readable_disclosures(user).filter(granted(user, _COUNSEL, "client"))
    return mine.filter(reverses=None, reversal=None)


def running_suspension() -> Exists:
    """A condition on disclosures: an agency had it kept out of the accounting, today (ACC-7)."""
    running = Suspension.objects.filter(client=OuterRef("client"), whom=OuterRef("whom"), ended_at=None, until__gte=_today())
    return Exists(running.filter(stated_on__lte=_today()))


def suspendable() -> list[str]:
    """The bases of which entries can be kept out for a time."""
    return [basis.key for basis in law.bases().values() if basis.suspendable]


def suspended() -> Q:
    """A condition on disclosures: of such a basis, and kept out today."""
    return Q(running_suspension(), basis__in=suspendable())


def accountable(rows: Collection[UUID], since: datetime.date, until: datetime.date, user: Any) -> QuerySet[Disclosure]:
    """The care team: what goes into the accounting of these clients, whom a door gave, for these days; the oldest first (ACC-1, ACC-2)."""
    found = readable_disclosures(user).filter(client__in=rows, on__gte=since, on__lte=until, accountable=True, reverses=None)
    return found.filter(~suspended()).order_by("on", "made_at", "pk")


def own_disclosures(user: Any) -> QuerySet[Disclosure]:
    """The client, and who represents them: the accounting, and what they themselves authorized; the oldest first."""
    mine = Disclosure.objects.filter(granted(user, PORTAL, "client"), ~denied(user, "client"), in_portal=True, reverses=None)
    shown = mine.filter(Q(accountable=True) | Q(excluded="authorization")).filter(~suspended())
    return shown.select_related("reversal").order_by("on", "made_at", "pk")


# --- suspensions --------------------------------------------------------------------------------------------------------


def suspensions(user: Any) -> QuerySet[Suspension]:
    """The care team: what agencies had kept out of the accounting, and until when."""
    mine = Suspension.objects.filter(granted(user, CLINICAL, "client"), ~denied(user, "client"))
    return mine.select_related("recorded_by").order_by("-stated_on", "-recorded_at", "pk")


def running_suspensions(user: Any) -> QuerySet[Suspension]:
    """The client's counselor (or who covers): those that were not ended."""
    return suspensions(user).filter(granted(user, _COUNSEL, "client"), ended_at=None, until__gte=_today())


def suspendable_disclosures(user: Any, client: Client) -> QuerySet[Disclosure]:
    """The care team: entries of ``client``, which a door gave, that an agency may have kept out."""
    mine = readable_disclosures(user).filter(client=client.pk, reverses=None, reversal=None, whom__isnull=False)
    return mine.filter(basis__in=suspendable())


# --- requests for it ----------------------------------------------------------------------------------------------------


def kept_accountings(user: Any) -> QuerySet[AccountingRequest]:
    """The care team: who asked for the accounting, and what they were given (ACC-9)."""
    mine = AccountingRequest.objects.filter(granted(user, CLINICAL, "client"), ~denied(user, "client"))
    return mine.select_related("client", "recorded_by", "given_by").order_by("-received_on", "-recorded_at", "pk")


def open_accountings(user: Any) -> QuerySet[AccountingRequest]:
    """The client's counselor (or who covers): those that wait to be answered; what is due first stands first."""
    mine = kept_accountings(user).filter(granted(user, _COUNSEL, "client"), given_at=None, withdrawn_at=None)
    return mine.order_by("due_on", "pk")


def given_accountings(user: Any) -> QuerySet[AccountingRequest]:
    """The care team: those that were answered."""
    return kept_accountings(user).filter(given_at__isnull=False)


def extended_accountings(user: Any) -> QuerySet[AccountingRequest]:
    """The care team: those that take longer."""
    return kept_accountings(user).filter(extended_on__isnull=False)


# --- what it may rest on ------------------------------------------------------------------------------------------------


def authorizations_on(client: Client, day: datetime.date, *, recipient: str, by: User) -> QuerySet[Authorization]:
    """Those of ``client``, whom a door gave ``by``, that name ``recipient`` and stood at some moment of ``day`` (AU-6)."""
    first, last = (timezone.make_aware(datetime.datetime.combine(day, hour)) for hour in (datetime.time.min, datetime.time.max))
    given = Q(request__active_from__lte=last) & (Q(request__until=None) | Q(request__until__gt=first))
    stood = given & (Q(request__ended_at=None) | Q(request__ended_at__gt=first)) & (Q(event_at=None) | Q(event_at__gt=first))
    return Authorization.objects.filter(stood, recipient=recipient_token(recipient), client__in=same_person(client, by))

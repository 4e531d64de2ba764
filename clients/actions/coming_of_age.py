"""What the age engine does besides what dates do by themselves: it warns, and on the day makes a minor's record an adult's (IC-32).

Jobs act on behalf of one counselor at a time, and see what that counselor may.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.db.models import Q

from audit import clock, trail
from clients.access import care_team, counseled_clients
from clients.age import majority_of
from clients.models import Client, Codename, ComingOfAge, Representative
from clients.models.age import WARNINGS
from practice.actions import outbox
from practice.actions.credentials import site_link
from practice.models import User

from .portal_access import redate

SUBJECT = "Something needs your attention"
BODY = """Something that you look after changes on a day that is near, or has changed today. Sign in to see it:

{url}
"""

# Called with a client who just came of age, and their counselor, in the transaction of that: rooms to the right ask the adult anew.
of_age: list[Callable[[Client, User], None]] = []


def look_ahead(*, by: User) -> int:
    """Date again what ends with majority for the minors that ``by`` counsels, and warn of those near it; returns how many were warned of.

    It catches what no action sees: another time zone or other states of the practice, rows from before there was a date of birth.
    """
    minors = counseled_clients(by).filter(kind=Client.Kind.MINOR)
    return sum(_look_at(client) for client in minors)


def _look_at(client: Client) -> bool:
    redate(client)
    at = majority_of(client)
    near = at is not None and at - clock.now() <= datetime.timedelta(days=WARNINGS[0])
    row = ComingOfAge.objects.filter(client=client).first()
    if at is None or not near:
        if row:
            trail.change(client, "not_of_age_soon")
            row.delete()
        return False
    return _warn(client, row or ComingOfAge(client=client, warned=WARNINGS[0] + 1), at)


def _warn(client: Client, row: ComingOfAge, at: datetime.datetime) -> bool:
    days = (at - clock.now()) / datetime.timedelta(days=1)
    due = min(step for step in WARNINGS if days <= step)
    new, row.at, before = due < row.warned, at, row.at
    row.warned = due
    if new or before != at:
        row.save(update_fields=None if row._state.adding else ["at", "warned"])
    if new:
        trail.change(client, "warn_of_majority")
        _tell(client)
    return new


def _tell(client: Client) -> None:
    for grant in care_team(client).filter(permission__codename=Codename.COUNSEL):
        outbox.queue("majority", grant.user.email, SUBJECT, BODY.format(url=site_link("home")))


def come_of_age(*, by: User) -> int:
    """Make adults of the minors that ``by`` counsels whose day has come; returns how many."""
    due = ComingOfAge.objects.filter(client__in=counseled_clients(by), done_at=None, at__lte=clock.now())
    rows = list(due.select_related("client").select_for_update(of=("self",)))
    for row in rows:
        _make_adult(row, by)
    return len(rows)


def _make_adult(row: ComingOfAge, by: User) -> None:
    """The record's kind, the authority of whoever stood for the minor, and what other rooms do on that day."""
    client = row.client
    client.kind = Client.Kind.ADULT
    Client.objects.filter(pk=client.pk).update(kind=client.kind)  # the kind alone: nothing of what is sealed is opened for it
    standing = Representative.objects.filter(Q(until=None) | Q(until__gt=row.at), client=client, since__lte=row.at)
    standing.update(until=row.at)
    row.done_at = clock.now()
    row.save(update_fields=["done_at"])
    trail.change(client, "come_of_age")
    for ask in of_age:
        ask(client, by)
    _tell(client)

"""Who supervises whom, from when to when. Rooms to the right follow: they add a callable to ``followers``."""

from __future__ import annotations

import datetime
from typing import Protocol

from django.db.models import Q

from audit import clock, trail
from practice.models import Supervision, User
from practice.refusals import Refused
from practice.roles import Role


class Follower(Protocol):
    """Called in the transaction that changed a supervision, so that grants on clients change with it or not at all."""

    def __call__(self, supervision: Supervision, *, by: User) -> None: ...


followers: list[Follower] = []


def _follow(supervision: Supervision, *, by: User) -> None:
    for follower in followers:
        follower(supervision, by=by)


def standing() -> Q:
    """A condition: a supervision whose end has not come."""
    return Q(until=None) | Q(until__gt=clock.now())


def begin(supervisee: User, supervisor: User, *, by: User, until: datetime.datetime | None = None, licence: str = "") -> Supervision:
    """``supervisor`` supervises ``supervisee`` from now on, until the day of an agreement if there is one; whoever did before ends now.

    Raises Refused if the one is no supervisor, either has left, the two would supervise each other in a circle, or
    ``by`` would make themself the supervisor: care teams follow, and nobody gives themself access (SE-10).
    """
    if supervisor.pk == by.pk:
        raise Refused("SE-10", "Nobody makes themself a supervisor: it opens the records of those supervised.", "Ask another admin.")
    if not supervisor.holds(Role.SUPERVISOR) or supervisor.has_left or supervisee.has_left:
        raise Refused("SU-5", "Only somebody who works here as a supervisor supervises somebody who works here.")
    if supervisee in _above(supervisor):
        raise Refused("SU-5", "These two would supervise each other.", "End the other supervision first.")
    for former in Supervision.objects.select_for_update().filter(standing(), supervisee=supervisee):
        end(former, by=by)
    now = clock.now()
    supervision = Supervision.objects.create(supervisor=supervisor, supervisee=supervisee, since=now, until=until, licence=licence)
    trail.change(supervisee, "supervision_begin")
    _follow(supervision, by=by)
    return supervision


def end(supervision: Supervision, *, by: User, at: datetime.datetime | None = None) -> None:
    """End ``supervision`` now, or at a later moment; raises Refused if it is over."""
    now = clock.now()
    if supervision.is_over:
        raise Refused("SU-5", "This supervision is over.")
    ends = min(at or now, supervision.until or at or now)  # an agreement may end it before somebody leaves
    supervision.until = max(ends, supervision.since + datetime.timedelta(microseconds=1))
    supervision.save(update_fields=["until"])
    trail.change(supervision.supervisee, "supervision_end")
    _follow(supervision, by=by)


def _above(person: User) -> list[User]:
    """``person``, their supervisor, that one's supervisor, and so on."""
    found: list[User] = []
    while person not in found:
        found.append(person)
        row = Supervision.objects.filter(standing(), supervisee=person).select_related("supervisor").first()
        person = row.supervisor if row else person
    return found

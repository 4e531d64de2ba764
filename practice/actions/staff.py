"""Staff: roles, and leaving. An admin keeps others, never themselves (SE-10)."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable

from audit import clock, trail
from practice.models import Invitation, Supervision, User
from practice.refusals import Refused
from practice.roles import STAFF, Role

from . import sessions, supervision

# Rooms to the right add what must end with a role, in the same transaction: callables of the person and the roles lost.
laying_down: list[Callable[[User, set[Role]], None]] = []


# Rooms to the right say what must be settled before somebody's account ends: callables of the person; they raise Refused.
before_leaving: list[Callable[[User], None]] = []


def set_roles(person: User, roles: Iterable[str], *, by: User, credentials: str | None = None) -> None:
    """Give ``person`` these staff roles; roles in the portal stay. Their sessions end, so that menus and rights agree.

    Raises Refused for one's own roles, for no role at all, and where no admin would be left.
    """
    if person.pk == by.pk:
        raise Refused("SE-10", "Nobody changes their own roles.", "Ask another admin.")
    wanted = {Role(role) for role in roles} & STAFF
    if not wanted:
        raise Refused("SE-11", "Somebody on the staff has at least one role.", "Set a leaving date instead.")
    if Role.ADMIN not in wanted:
        _keep_an_admin(person)
    held = {Role(role) for role in person.roles}
    person.roles = sorted(wanted | (held - STAFF))
    person.credentials = person.credentials if credentials is None else credentials
    person.save(update_fields=["roles", "credentials"])
    trail.change(person, "staff_roles")
    _lay_down(person, (held & STAFF) - wanted, by=by)
    sessions.end_others(person, keep="", by=by)


def _lay_down(person: User, lost: set[Role], *, by: User) -> None:
    """What a role had opened ends with it: supervisions here, grants on clients in the room that keeps them."""
    for row in Supervision.objects.filter(supervision.standing()):
        as_supervisor = row.supervisor_id == person.pk and Role.SUPERVISOR in lost
        if as_supervisor or (row.supervisee_id == person.pk and Role.COUNSELOR in lost):
            supervision.end(row, by=by)
    for follow in laying_down:
        follow(person, lost)


def leave(person: User, at: datetime.datetime, *, by: User, settled: bool = False) -> None:
    """End the access of ``person`` at ``at`` (aware; now or later): sessions, links and supervision with it (SE-11).

    Raises Refused where no admin would be left, and where something is left behind, unless that is ``settled``.
    """
    _keep_an_admin(person)
    for require in [] if settled else before_leaving:
        require(person)
    person.leaves_at = max(at, clock.now())
    person.save(update_fields=["leaves_at"])
    trail.change(person, "staff_leave")
    _end_supervisions(person, by=by)
    Invitation.objects.filter(invited_by=person, used_at=None, withdrawn_at=None).update(withdrawn_at=clock.now())
    if person.has_left:
        sessions.end_others(person, keep="", by=by)


def stay(person: User, *, by: User) -> None:
    """Take back a leaving date that has not come. Raises Refused once it has: then only an invitation brings them back."""
    if person.has_left:
        raise Refused("SE-11", "This person has left.", "Send a new invitation.")
    person.leaves_at = None
    person.save(update_fields=["leaves_at"])
    trail.change(person, "staff_stay")


def _keep_an_admin(person: User) -> None:
    others = User.objects.working().filter(roles__contains=[Role.ADMIN], leaves_at=None).exclude(pk=person.pk)
    if person.holds(Role.ADMIN) and not others.exists():
        raise Refused("SE-10", "The practice would be left without an admin.", "Make somebody else an admin first.")


def _end_supervisions(person: User, *, by: User) -> None:
    assert person.leaves_at
    for row in Supervision.objects.filter(supervision.standing()):
        if person.pk in (row.supervisor_id, row.supervisee_id):
            supervision.end(row, by=by, at=person.leaves_at)


def suspend(person: User, *, by: User) -> None:
    """Nobody signs in as ``person`` until somebody lets them again; sessions end, and links they sent stop working.

    Raises Refused for oneself and where no admin would be left.
    """
    if person.pk == by.pk:
        raise Refused("SE-10", "Nobody suspends themself.", "Ask another admin.")
    _keep_an_admin(person)
    person.is_active = False
    person.save(update_fields=["is_active"])
    trail.change(person, "suspend")
    sessions.end_others(person, keep="", by=by)


def resume(person: User, *, by: User) -> None:
    """``person`` may sign in again, as before. Raises Refused for oneself."""
    if person.pk == by.pk:
        raise Refused("SE-10", "Nobody lets themself in again.", "Ask another admin.")
    person.is_active = True
    person.save(update_fields=["is_active"])
    trail.change(person, "resume")

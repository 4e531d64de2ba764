"""Inviting staff: a link by mail. Opening it uses nothing up; finishing does, once."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Sequence

from audit import clock, doors, trail
from practice.limits import INVITATION_LINK
from practice.models import Invitation, User
from practice.refusals import Refused
from practice.roles import STAFF, Role

from . import outbox
from .credentials import site_link

SUBJECT = "An invitation for you"
BODY = """Somebody you work with has prepared an account for you. Finish it here within 7 days:

{url}

If you did not expect this, leave it: nothing happens.
"""


# Called with a person who left and comes back, in the transaction of their return: what they held is not theirs again (SE-11).
returning: list[Callable[[User], None]] = []


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def invite(email: str, name: str, roles: Iterable[str], *, by: User) -> Invitation:
    """Invite somebody to the staff by mail. Raises Refused for one's own address and without a staff role."""
    wanted = sorted({Role(role) for role in roles} & STAFF)
    if not wanted:
        raise Refused("SE-10", "An invitation names at least one role on the staff.")
    if User.objects.at_address(email).filter(pk=by.pk).exists():
        raise Refused("SE-10", "Nobody changes their own roles.", "Ask another admin.")
    invitation, url = _make(email, name, wanted, by)
    outbox.queue("invitation", email.strip(), SUBJECT, BODY.format(url=url))
    trail.change(invitation, "staff_invite")
    return invitation


def _make(email: str, name: str, roles: Sequence[str], by: User | None) -> tuple[Invitation, str]:
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        secret=_hash(secret),
        email=email.strip(),
        name=name.strip(),
        roles=list(roles),
        invited_by=by,
        expires_at=clock.now() + INVITATION_LINK,
    )
    return invitation, site_link("invitation_accept", secret)


def invite_first(email: str, name: str, roles: Iterable[str]) -> str:
    """The link for the first admin of a practice, told to whoever sits at the machine and sent to nobody.

    Raises Refused while an admin works here: then admins invite.
    """
    if User.objects.staff().filter(roles__contains=[Role.ADMIN]).exists():
        raise Refused("SE-10", "This practice has an admin already.", "They invite others under Staff.")
    invitation, url = _make(email, name, sorted({Role(role) for role in roles} & STAFF), None)
    trail.change(invitation, "first_admin")
    return url


def withdraw(invitation: Invitation, *, by: User) -> None:
    """The link stops working now."""
    if invitation.used_at is None and invitation.withdrawn_at is None:
        invitation.withdrawn_at = clock.now()
        invitation.save(update_fields=["withdrawn_at"])
        trail.change(invitation, "invitation_withdraw")


def find(secret: str) -> Invitation | None:
    """The invitation behind a link: open, in time, and from an admin who still is one. Asking changes nothing."""
    found = Invitation.objects.filter(secret=_hash(secret), used_at=None, withdrawn_at=None, expires_at__gt=clock.now())
    invitation = found.select_related("invited_by").first()
    return invitation if invitation and _still_stands(invitation.invited_by) else None


def _still_stands(inviter: User | None) -> bool:
    return inviter is None or (inviter.holds(Role.ADMIN) and not inviter.has_left)


def holder(invitation: Invitation) -> User | None:
    """Whoever already signs in with the invited address and has not left: they keep their password."""
    person = User.objects.at_address(invitation.email).first()
    return person if person is not None and not person.has_left else None


def accept(secret: str, password: str) -> User | None:
    """Finish an invitation; None if the link no longer works. ``password`` is used unless the address has an account.

    The row is locked first: of two posts with one link, one finds it used.
    """
    opening = trail.recorder()
    with doors.acting(opening.actor):
        Invitation.objects.select_for_update().filter(secret=_hash(secret)).first()
        invitation = find(secret)
        if invitation is None:
            return None
        comes_back = holder(invitation) is None and User.objects.at_address(invitation.email).exists()
        person = _join(invitation, password)
        invitation.used_at = clock.now()
        invitation.save(update_fields=["used_at"])
        opening.become(person.pk, "by link")
        with doors.acting(opening.actor):
            trail.change(person, "invitation_accept")
            for forget in returning if comes_back else ():
                forget(person)
    return person


def _join(invitation: Invitation, password: str) -> User:
    person = User.objects.at_address(invitation.email).first()
    if person is None:
        return User.objects.create_user(invitation.email, password, name=invitation.name, roles=invitation.roles)
    if person.has_left:
        person.is_active, person.leaves_at, person.roles = True, None, []
        person.set_password(password)
    person.roles = sorted({*person.roles, *invitation.roles})
    person.save(update_fields=["is_active", "leaves_at", "roles", "password"])
    return person

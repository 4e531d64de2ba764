"""Inviting to the portal: a link by mail or by hand, and three words told in the room or by phone. Neither opens anything alone.

Whoever finishes an invitation is let in by whoever sent it: at that moment, under the sender's own eyes of the database, it is asked
again whether they may, and whether the authority still stands (IC-24).
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, F, Func, UUIDField, Value

from audit import clock, doors, trail
from audit.models import Act
from clients.access import in_portal, kept_invitations, knocked_on, open_invitations
from clients.codes import as_told, new_words
from clients.models import Client, Codename, ContactPoint, Denial, PortalInvitation, Representative
from clients.reaching import NotThisWay, Way, way_of_point
from practice.actions import outbox
from practice.actions.credentials import site_link
from practice.limits import PORTAL_INVITATION, PORTAL_TRIES
from practice.models import User
from practice.refusals import Refused
from practice.roles import Role

from .portal_access import authority_in_force, give_portal, majority_ahead

# Mailboxes are read by others: not a word of health, counseling, the client or the practice.
SUBJECT = "A link for you"
BODY = """Somebody you know has prepared a page for you. Open it within 14 days:

{url}

You will be asked for three words. They were told to you in person or by phone, and are in no mail.
If you did not expect this, leave it: nothing happens.
"""
SUBJECT_CLOSED = "An invitation was closed"
BODY_CLOSED = """An invitation that you sent was opened with wrong words five times, and is closed now. Nothing was shown.

Sign in to see which one, and ask whoever you invited before you send another:

{url}
"""


class AddressTaken(Exception):
    """Somebody signs in with this address already: they sign in first, and then go on."""


@dataclass(frozen=True)
class Handed:
    """What staff are shown once: the three words (empty where the old ones hold), and the link where it is handed over."""

    invitation: PortalInvitation
    words: str
    url: str


@dataclass(frozen=True)
class Guest:
    """Who holds an open invitation and said its words: the address and name of the account to come."""

    email: str
    name: str
    by_hand: bool
    has_account: bool


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


# --- staff ------------------------------------------------------------------------------------------------------------


def invite_to_portal(
    client: Client, *, by: User, representative: Representative | None = None, point: ContactPoint | None = None
) -> Handed:
    """Invite ``client``, or ``representative`` for them, by mail to ``point`` or (None) by a link to hand over.

    An invitation of the same person that is still open ends with it. Raises Refused: IC-24 without authority in force, IC-32 for a
    representative of somebody of age, CM-3 for an address that may not be used, ACA A.8 for a couple or family as a whole.
    """
    _require_possible(client, representative, point)
    _withdraw_former(client, representative)
    words, secret = new_words(), secrets.token_urlsafe(32)
    name = representative.name if representative else client.legal_name
    invitation = PortalInvitation(client=client, representative=representative, invited_by=by, by_hand=point is None, name=name)
    invitation.email = point.address.strip() if point else ""
    invitation.secret, invitation.words = _hash(secret), make_password(as_told(words))
    invitation.expires_at = clock.now() + PORTAL_INVITATION
    invitation.save(force_insert=True)
    trail.change(invitation, "invite_to_portal")
    return Handed(invitation, words, _sent(invitation, secret))


def _sent(invitation: PortalInvitation, secret: str) -> str:
    """Mail the link and return nothing, or return it where it is handed over."""
    url = site_link("portal_join", secret)
    if invitation.by_hand:
        return url
    hours = _way(invitation).hours
    outbox.queue("portal", invitation.email, SUBJECT, BODY.format(url=url), hours=hours)
    return ""


def _way(invitation: PortalInvitation) -> Way:
    """The way to the address it was sent to, asked again each time: it may be put away since (CM-5)."""
    points = ContactPoint.objects.filter(client=invitation.client_id, kind=ContactPoint.Kind.MAIL)
    point = next((each for each in points if each.address.strip() == invitation.email), None)
    if point is None:
        raise NotThisWay("permission")
    return way_of_point(invitation.client, point, representative=invitation.representative)


def _require_possible(client: Client, representative: Representative | None, point: ContactPoint | None) -> None:
    if client.is_unit:
        raise Refused("ACA A.8", "A couple or family has no account of its own.", "Invite each person from their own page.")
    if representative:
        authority_in_force(representative)
        majority_ahead(client)
    elif in_portal(client).filter(permission__codename=Codename.PORTAL_SELF).exists():
        raise Refused(
            "", "The client is in the portal already.", "If they cannot get in, they choose “Forgot password?” on the sign-in page."
        )
    if point:
        way_of_point(client, point, representative=representative)
    if point and _left(point.address):
        raise Refused("SE-11", "Somebody who worked here signed in with this address.", "Use another one, or hand the link over.")


def _left(address: str) -> bool:
    held = User.objects.at_address(address).first()
    return held is not None and held.has_left


def _withdraw_former(client: Client, representative: Representative | None) -> None:
    for former in open_invitations().filter(client=client, representative=representative):
        _withdraw(former)


def send_portal_link(invitation: PortalInvitation, *, by: User) -> Handed:
    """A new link in place of the old one, with the words that hold already. Raises Refused where wrong words closed it, or it is over."""
    _require_waiting(invitation)
    if invitation.tries >= PORTAL_TRIES:
        raise Refused("", "Five wrong tries closed this invitation.", "Make new words, and ask whoever you invited who tried.")
    secret = _renew(invitation)
    trail.change(invitation, "send_portal_link")
    return Handed(invitation, "", _sent(invitation, secret))


def new_portal_words(invitation: PortalInvitation, *, by: User) -> Handed:
    """New words and a new link; the old ones stop working. Raises Refused where it is over."""
    _require_waiting(invitation)
    words = new_words()
    invitation.words, invitation.tries = make_password(as_told(words)), 0
    secret = _renew(invitation)
    trail.change(invitation, "new_portal_words")
    return Handed(invitation, words, _sent(invitation, secret))


def _require_waiting(invitation: PortalInvitation) -> None:
    if invitation.used_at or invitation.withdrawn_at:
        raise Refused("", "This invitation is over.", "Send a new one.")


def _renew(invitation: PortalInvitation) -> str:
    secret = secrets.token_urlsafe(32)
    invitation.secret, invitation.expires_at = _hash(secret), clock.now() + PORTAL_INVITATION
    invitation.save(update_fields=["secret", "words", "tries", "expires_at"])
    return secret


def withdraw_portal_invitation(invitation: PortalInvitation, *, by: User) -> None:
    """Link and words stop working now; the address is forgotten with them."""
    if not invitation.used_at and not invitation.withdrawn_at:
        _withdraw(invitation)


def _withdraw(invitation: PortalInvitation) -> None:
    invitation.withdrawn_at, invitation.email, invitation.name = clock.now(), "", ""
    invitation.save(update_fields=["withdrawn_at", "email", "name"])
    trail.change(invitation, "withdraw_portal_invitation")


# --- whoever comes with the link --------------------------------------------------------------------------------------


def try_words(secret: str, typed: str, *, allowed: bool) -> UUID | None:
    """The invitation behind ``secret``, if ``typed`` are its words; None otherwise, after the same work for every reason (attack 82).

    A try is written down before it is judged. ``allowed``: not too many were counted elsewhere.
    """
    found = knocked_on(_hash(secret)).select_related("invited_by").first() if allowed else None
    ident = found.pk if found else uuid4()
    counted = open_invitations().filter(pk=ident, tries__lt=PORTAL_TRIES).update(tries=F("tries") + 1)
    right = _match(typed, found.words if found and counted else "")
    if found and right:
        open_invitations().filter(pk=ident).update(tries=0)
        return ident
    doors.tell(Act.FAILED, found, "portal_words")
    if found and counted and found.tries + 1 >= PORTAL_TRIES:
        outbox.queue("portal", found.invited_by.email, SUBJECT_CLOSED, BODY_CLOSED.format(url=site_link("home")))
    return None


def _match(typed: str, kept: str) -> bool:
    if kept:
        return check_password(as_told(typed), kept)
    make_password(as_told(typed))
    return False


def guest_of(ident: UUID) -> Guest | None:
    """What the account to come is called, while the invitation is open and its sender may still let somebody in; else None."""
    inviter = _inviter(ident)
    if inviter is None:
        return None
    with doors.system("portal_invitation", on_behalf_of=inviter):
        invitation = _standing(ident, inviter)
        if invitation is None:
            return None
        return Guest(invitation.email, invitation.name, invitation.by_hand, _account_at(invitation.email) is not None)


def _account_at(address: str) -> User | None:
    return User.objects.at_address(address).first() if address else None


def _inviter(ident: UUID) -> User | None:
    invitation = open_invitations().filter(pk=ident).select_related("invited_by").first()
    return None if invitation is None or invitation.invited_by.has_left else invitation.invited_by


def _standing(ident: UUID, inviter: User, *, lock: bool = False) -> PortalInvitation | None:
    rows = kept_invitations(inviter).filter(pk__in=open_invitations().values("pk"))
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=ident).first()
    try:
        if found and found.representative:
            authority_in_force(found.representative)
            majority_ahead(found.client)
    except Refused:
        return None
    return found


def accept_portal_invitation(ident: UUID, *, person: User | None = None, address: str = "", password: str | None = None) -> User | None:
    """Finish an invitation whose words were right: with the account of ``person``, or a new one; None if it no longer stands.

    A new account signs in with the invited address (``address``, where the link was handed over) and ``password`` (None: a passkey will
    follow). Raises AddressTaken. The row is locked first: of two who finish at once, one finds it used.
    """
    inviter = _inviter(ident)
    if inviter is None or inviter == person:
        return None
    with doors.system("portal_invitation", on_behalf_of=inviter):
        invitation = _standing(ident, inviter, lock=True)
        if invitation is None or (person and _is_denied(person, invitation.client)):
            return None
        role = Role.REPRESENTATIVE if invitation.representative else Role.CLIENT
        if invitation.email and not person:
            _known_to_be_theirs(invitation)
        person = person or _new_account(invitation.email or address, password, invitation.name)
        person.roles = sorted({*person.roles, role})
        person.save(update_fields=["roles"])
        _use(invitation, person)
        give_portal(invitation.client, person, by=inviter, representative=invitation.representative)
    return person


def _known_to_be_theirs(invitation: PortalInvitation) -> None:
    """Whoever came with the link and the words reads mail at that address (CM-6)."""
    for point in ContactPoint.objects.filter(client=invitation.client_id, kind=ContactPoint.Kind.MAIL, verified_at=None):
        if point.address.strip() == invitation.email:
            point.verified_at = clock.now()
            point.save(update_fields=["verified_at"])


def _is_denied(person: User, client: Client) -> bool:
    with doors.acting(trail.Actor("system:portal_invitation", person.pk)):
        return Denial.objects.filter(user=person, client=client.pk).exists()


def _new_account(address: str, password: str | None, name: str) -> User:
    if _account_at(address):
        raise AddressTaken
    return User.objects.create_user(address, password, name=name)


def _use(invitation: PortalInvitation, person: User) -> None:
    invitation.email, invitation.name = "", ""
    invitation.save(update_fields=["email", "name"])
    used = Func(F("pk"), Value(person.pk, UUIDField()), Value(clock.now()), function="subrosa_use_invitation", output_field=BooleanField())
    with doors.acting(
        trail.Actor("system:portal_invitation")
    ):  # as nobody, as whoever comes with the link is: no member of staff may say so
        done = open_invitations().filter(pk=invitation.pk).values_list(used, flat=True).first()
    if not done:
        raise PermissionDenied("The database did not let this invitation be used.")
    trail.change(invitation, "accept_portal")

"""Changes of how someone signs in: told to them by mail, and every other session ends."""

from __future__ import annotations

from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from audit import doors, trail
from practice.models import User
from practice.models.people import address_token

from . import outbox, sessions

SUBJECT_LINK = "A link you asked for"
SUBJECT_CHANGED = "Your account was changed"
BODY_LINK = """Somebody, probably you, asked for a link to choose a new password:

{url}

It works once, for half an hour. If it was not you, leave it: nothing changes.
"""
BODY_CHANGED = """How you sign in was changed: {what}.

If it was you, all is well. If not, ask the person who looks after your account at once.
"""


SUBJECT_LOCKED = "Choose a new password"
BODY_LOCKED = """Somebody who looks after your account made your password and your passkeys useless, so that nobody else can use them.
Choose a new password within half an hour, or ask for another link on the page where you sign in:

{url}
"""


def site_link(name: str, *args: str) -> str:
    """The full address of a page. It begins with SITE_URL, never with what a request says of the host (attack 78)."""
    return settings.SITE_URL + reverse(name, args=args)


def changed(person: User, part: str, what: str, *, keep: str) -> None:
    """Leave the line, tell the person by mail, and end their sessions but ``keep``; in the transaction of the change."""
    trail.change(person, part)
    outbox.queue("account", person.email, SUBJECT_CHANGED, BODY_CHANGED.format(what=what))
    sessions.end_others(person, keep=keep, by=person)


def ask_for_reset(address: str) -> None:
    """Send a link to whoever signs in with ``address``. For nobody, the same work is done and thrown away."""
    person = User.objects.at_address(address).first()
    known = person is not None and not person.has_left
    with transaction.atomic(), transaction.atomic():
        outbox.queue("reset", address, SUBJECT_LINK, BODY_LINK.format(url=_reset_link(person or _nobody(address))))
        transaction.set_rollback(not known)


def _nobody(address: str) -> User:
    return User(username=address_token(address), email=address, password="")


def _reset_link(person: User) -> str:
    ident = urlsafe_base64_encode(force_bytes(person.pk))
    return site_link("account_reset_password_from_key", ident, default_token_generator.make_token(person))


def person_of_link(ident: str, token: str) -> User | None:
    """Whom a reset link lets in: still here, and the link unused, unaltered and fresh. Asking changes nothing."""
    try:
        person = User.objects.filter(pk=UUID(urlsafe_base64_decode(ident).decode())).first()
    except ValueError:
        return None
    fits = person is not None and not person.has_left and default_token_generator.check_token(person, token)
    return person if fits else None


def lock(person: User, *, by: User) -> int:
    """Password and passkeys of ``person`` open nothing any more and their sessions end; a link to choose anew goes to their mail.

    An authenticator app stays. Returns how many passkeys were removed.
    """
    keys, _ = Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN).delete()
    person.set_unusable_password()
    person.save(update_fields=["password"])
    trail.change(person, "lock_credentials")
    sessions.end_others(person, keep="", by=by)
    outbox.queue("reset", person.email, SUBJECT_LOCKED, BODY_LOCKED.format(url=_reset_link(person)))
    return keys


def reset(ident: str, token: str, password: str) -> bool:
    """Set ``password`` by a reset link; False if the link no longer fits. Second factors stay, all sessions end.

    The row is locked before the link is checked, so that of two posts with one link only one gets in.
    """
    found = person_of_link(ident, token)
    if found is None:
        return False
    trail.recorder().become(found.pk, "by link")
    with doors.acting(trail.recorder().actor):
        User.objects.select_for_update().get(pk=found.pk)
        person = person_of_link(ident, token)
        if person is None:
            return False
        person.set_password(password)
        person.save(update_fields=["password"])
        changed(person, "password_reset", "a new password by link", keep="")
    return True

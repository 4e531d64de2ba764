"""Telling somebody that a message waits: a mail that says nothing of what, of whom, or of the practice."""

from __future__ import annotations

from audit import clock
from clients.models import Purpose, Representative
from clients.reaching import NotThisWay, require_not_replaced
from messaging import access
from messaging.models import Outgoing, Thread
from practice.actions import outbox
from practice.actions.credentials import site_link
from practice.models import User

from .notices import To, Words, notify

SUBJECT = "Something waits for you"
BODY = """There is something new on your page. Sign in to read it:

{url}

If you did not expect this, leave it: nothing happens.
"""


def tell(thread: Thread, *, by: User) -> bool:
    """Write to whoever is on the other side of ``thread`` that something waits, once until they read it; False where nobody was written to.

    Within sending, whose line it is. To a client only where they agreed to be written to (CM-3); who represents somebody named the address
    of their account for it.
    """
    if _told_already(thread):
        return False
    if not _left(thread, by):
        return False
    thread.told_at = clock.now()
    thread.save(update_fields=["told_at"])
    return True


def _left(thread: Thread, by: User) -> bool:
    """Whether it left: the one way that decides keeps why not."""
    who = None if thread.is_own else Representative.objects.filter(client=thread.client_id, user=thread.person_id).first()
    words = BODY.format(url=site_link("home"))
    if not thread.is_own and who is None:  # in the portal without being on file: at the address they sign in with
        return _to_their_sign_in(thread, words)
    to = To(thread.client, Purpose.CLINICAL, who)
    return notify("message", to, Words(SUBJECT, words), by=by).state == Outgoing.State.HANDED


def _to_their_sign_in(thread: Thread, words: str) -> bool:
    try:
        require_not_replaced(thread.client, thread.person.email)
    except NotThisWay:
        return False
    outbox.queue("message", thread.person.email, SUBJECT, words)
    return True


def _told_already(thread: Thread) -> bool:
    if thread.told_at is None:
        return False
    read_at = access.read_at(thread)
    return read_at is None or read_at < thread.told_at

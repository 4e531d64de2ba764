"""Telling somebody that a message waits: a mail that says nothing of what, of whom, or of the practice."""

from __future__ import annotations

from audit import clock
from clients.reaching import agreed_mail
from messaging import access
from messaging.models import Thread
from practice.actions import outbox
from practice.actions.credentials import site_link

SUBJECT = "Something waits for you"
BODY = """There is something new on your page. Sign in to read it:

{url}

If you did not expect this, leave it: nothing happens.
"""


def tell(thread: Thread) -> bool:
    """Write to whoever is on the other side of ``thread`` that something waits, once until they read it; False where nobody was written to.

    Within sending, whose line it is. To a client only where they agreed to be written to (CM-3); who represents somebody named the address
    of their account for it.
    """
    if _told_already(thread):
        return False
    address = agreed_mail(thread.client) if thread.is_own else str(thread.person.email)
    if not address:
        return False
    outbox.queue("message", address, SUBJECT, BODY.format(url=site_link("home")))
    thread.told_at = clock.now()
    thread.save(update_fields=["told_at"])
    return True


def _told_already(thread: Thread) -> bool:
    if thread.told_at is None:
        return False
    read_at = access.read_at(thread)
    return read_at is None or read_at < thread.told_at

"""Ending sessions: one, all others, or all of someone's."""

from __future__ import annotations

from audit import trail
from practice.models import SignedIn, User


def end(session: SignedIn, *, by: User) -> None:
    """End one session of ``by`` at once."""
    trail.change(by, "session_end")
    session.delete()


def end_others(person: User, *, keep: str, by: User) -> int:
    """End every session of ``person`` but the one stored under ``keep`` (may be empty); returns how many."""
    ended, _ = SignedIn.objects.filter(user=person).exclude(pk=keep).delete()
    if ended:
        trail.change(person, "sessions_end")
    return ended

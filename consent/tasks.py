"""Jobs about the ends of consents, thin. Each acts on behalf of one counselor at a time, and sees what that counselor may."""

from __future__ import annotations

from celery import shared_task

from audit import doors
from clients.access import counselors

from .actions.renewing import announce_ends, end_due, tell_of_supervision


@shared_task(name="consent.tasks.announce_ends")
def announce() -> None:
    """Announce consents that end soon, and ask anew."""
    for counselor in counselors():
        with doors.system("renewal", on_behalf_of=counselor):
            announce_ends(by=counselor)
            tell_of_supervision(by=counselor)


@shared_task(name="consent.tasks.end_due")
def end() -> None:
    """End the consents whose day has come."""
    for counselor in counselors():
        with doors.system("renewal", on_behalf_of=counselor):
            end_due(by=counselor)

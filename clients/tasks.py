"""Jobs of the age engine, thin. Each acts on behalf of one counselor at a time, and sees what that counselor may."""

from __future__ import annotations

from celery import shared_task

from audit import doors

from .access import counselors
from .actions.coming_of_age import come_of_age, look_ahead


@shared_task(name="clients.tasks.look_ahead")
def look_for_majority() -> None:
    """Warn of minors who come of age soon; date again what ends with it."""
    for counselor in counselors():
        with doors.system("majority", on_behalf_of=counselor):
            look_ahead(by=counselor)


@shared_task(name="clients.tasks.come_of_age")
def make_adults() -> None:
    """Make adults of those whose day has come."""
    for counselor in counselors():
        with doors.system("majority", on_behalf_of=counselor):
            come_of_age(by=counselor)

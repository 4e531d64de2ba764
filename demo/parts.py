"""What a couple or group agreed about its record, and what was each one's own: told into their own records (IC-33, IC-34)."""

from __future__ import annotations

from collections.abc import Iterator

from audit import clock
from clients import actions as clients
from clients.models import Client
from practice.models import User
from records.models import Session

from .story import Story


def agree(story: Story, number: int, unit: Client, by: User) -> None:
    """Record the agreement of ``story`` if it was made in the session of progress note ``number``."""
    if not story.agreement or story.agreement[0] != number:
        return
    _, who, secrets, how, shared = story.agreement
    words = {"who_is_client": who, "secrets": secrets, "how": how}
    clients.record_agreement(unit, by=by, shared_into_records=shared, since=clock.today(), **words)


def of(story: Story, number: int, members: list[Client], session: Session) -> Iterator[tuple[Client, Session, list[str]]]:
    """The parts of progress note ``number``: whose, the row of that person within ``session``, and its texts."""
    people = dict(zip([person.given for person in story.members], members, strict=True))
    for at, given, texts in story.parts:
        if at == number:
            yield people[given], Session.objects.get(within=session, client=people[given]), texts

"""What keeps a record from being put away: nobody writes in a closed one any more."""

from __future__ import annotations

from clients.models import Client
from messaging import access
from practice.models import User
from practice.refusals import Refused


def keeps_open(client: Client, by: User) -> list[Refused]:
    """Why the record of ``client`` cannot be put away yet: somebody wrote and waits for an answer."""
    if not access.open_questions(by, client).exists():
        return []
    return [Refused("", "A message of the portal waits for an answer.", "Answer it, or say under Messages that it needs none.")]

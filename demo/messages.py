"""Messages of the portal: one that waits, one that was answered, and two people who write about one child and never read each other."""

from __future__ import annotations

import datetime
from uuid import uuid4

from messaging import actions
from messaging.models import Thread

from .people import days_ago
from .waiting import Desk

# Story: (account, kind, [(days ago, by the account or by the counselor, text)]).
WRITTEN = {
    "cleo": (
        ("cleo", "care", (
            (6, True, "I went into Luca's flat on Sunday. Only the hall, and only ten minutes, but I went in."),
            (5, False, "Thank you for telling me. Ten minutes in the hall is a lot. Keep to what we agreed: you may leave at any time."),
            (1, True, "The landlord wants the keys back on the 30th. Can we talk about that first on Thursday?"),
        )),
        ("cleo", "office", ((3, True, "Could I have the bill of last month again, please?"), (3, False, "It is in the post today."))),
    ),
    "mia": (
        ("gus", "care", (
            (9, True, "She has slept badly since the weekend at her mother's. Is there anything I should do?"),
            (8, False, "Keep the evenings as they are, and do not ask her about it. We look at it on Wednesday."),
            (2, True, "She slept through twice. Thank you."),
        )),
    ),
    "whitlock": (
        ("hanne", "care", (
            (4, True, "Ned says there is somebody new at his father's house. What did he tell you about it?"),
            (3, False, "What Ned says here stays with him, as we agreed. The points for both of you come on Friday, the same for each."),
        )),
        ("luis", "care", ((2, True, "The Sunday call was missed again, and he cried. I would like to talk before Friday."),)),
    ),
}  # fmt: skip


def leave(key: str, desk: Desk) -> None:
    """Leave the messages of the story ``key``; nothing for most stories."""
    for account, kind, written in WRITTEN.get(key, ()):
        person = desk.people[account]
        with desk.acting(person, days_ago(written[0][0])):
            thread = actions.begin_thread(desk.client, person, kind, by=person)
        for ago, own, text in written:
            by = person if own else desk.by
            with desk.acting(by, days_ago(ago) + datetime.timedelta(minutes=17)):
                row = Thread.objects.select_related("client", "person").get(pk=thread.pk)
                actions.send(row, text, by=by, version=0, ident=uuid4())

"""Who is told of the trail's seals: the admins, by mail. A checkpoint a day is an anchor in a mailbox; trouble is told at once."""

from __future__ import annotations

import datetime

from audit import clock, doors, keeping
from audit.verify_bundle import Record, fingerprint, identity

from .actions import outbox
from .models import Notice, User
from .roles import Role

DAILY = datetime.timedelta(hours=24)
KIND, ALARM = "checkpoint", "trail alarm"
SUBJECT, SUBJECT_ALARM = "Checkpoint", "Please look at the system"
BODY = """Keep this message. It proves later that nothing before it was changed.

Checkpoint {number}:{hash}
Key {key}
Made at {at}
"""
BODY_ALARM = """{words}

Whoever looks after the machine finds what to do in docs/trail.md. Until then nothing more may be provable.
"""


def _admins() -> list[str]:
    return [str(person.email) for person in User.objects.working().filter(roles__contains=[Role.ADMIN])]


def mail_checkpoint(seal: Record) -> None:
    """The last seal of the trail to every admin, once a day."""
    with doors.system("checkpoint"):
        if Notice.objects.filter(kind=KIND, due_at__gt=clock.now() - DAILY).exists():
            return
        body = BODY.format(number=seal["number"], hash=identity(seal), key=fingerprint(seal["key"]), at=seal["at"])
        for address in _admins():
            outbox.queue(KIND, address, SUBJECT, body)


def mail_alarm(word: str) -> None:
    """That something is wrong with the trail, to every admin."""
    with doors.system("trail_alarm"):
        for address in _admins():
            outbox.queue(ALARM, address, SUBJECT_ALARM, BODY_ALARM.format(words=keeping.WORDS[word]))

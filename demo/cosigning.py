"""Priya's notes need Sofia's co-signature: the older ones have it, those of the last days wait, one was sent back, one draft is shown."""

from __future__ import annotations

import datetime

from practice.models import User
from records import actions as records
from records.models import CosignRequest, CosignRule, Kind, Note

from .people import People

SUPERVISEE, SUPERVISOR = "priya", "sofia"
KINDS = [Kind.PROGRESS, Kind.INTAKE, Kind.PLAN]
WAITING = datetime.timedelta(days=9)  # what was signed since then is not co-signed yet
SENT_BACK, SHOWN = "solomon", "farid"  # stories
COMMENT = "Please add what was agreed for the days until you meet again, and who else knows of it."


def require(people: People) -> None:
    """Have every note of these kinds of the supervisee co-signed from the beginning."""
    if not CosignRule.objects.filter(supervisee=people[SUPERVISEE]).exists():
        records.set_cosign_rule(people[SUPERVISEE], KINDS, by=people["ada"])


def due(note: Note, moment: datetime.datetime, now: datetime.datetime, story: str) -> datetime.datetime | None:
    """When the supervisor co-signs ``note``, signed at ``moment``: two days later; None where nobody is asked or it still waits.

    The last note of the story that is sent back must not be co-signed, however many days its last session is ago.
    """
    asked = CosignRequest.objects.filter(note=note.pk).exists()
    waiting = WAITING + datetime.timedelta(days=7) if story == SENT_BACK else WAITING
    return moment + datetime.timedelta(days=2) if asked and moment < now - waiting else None


def co_sign(note: Note, supervisor: User) -> None:
    """Co-sign ``note`` as it was signed."""
    records.cosign(note, by=supervisor, shown=records.cosign_hash(note, []).hex())


def send_back(note: Note, supervisor: User) -> None:
    """Ask for edits of ``note``."""
    records.request_edits(note, COMMENT, by=supervisor)

"""Drawing a random sample of a supervisee's signed notes, and looking at each of them."""

from __future__ import annotations

import datetime
import secrets

from django.utils import timezone

from audit import clock, trail
from practice.models import User
from practice.refusals import Refused
from supervision import access
from supervision.law.boards import kept_from
from supervision.models import Agreement, Sample, Sampled

MOST = 50


def draw(agreement: Agreement, begins: datetime.date, ends: datetime.date, size: int, reason: str, *, by: User) -> Sample:
    """``size`` signed notes of these days, by chance. The draw stays; another of the same days is another row. Raises Refused by SU-5."""
    if not reason.strip() or not 1 <= size <= MOST or begins > ends:
        raise Refused("SU-5", f"A sample has a reason, days, and one to {MOST} notes.", "Say why, of which days, and how many.")
    first, after = (
        timezone.make_aware(datetime.datetime.combine(day, datetime.time())) for day in (begins, ends + datetime.timedelta(days=1))
    )
    notes = access.sampleable_notes(by, agreement.supervisee).filter(signed_at__gte=first, signed_at__lt=after)
    found = list(notes.order_by("pk").values_list("pk", flat=True))
    if not found:
        raise Refused("SU-5", "They signed no note in these days that you may read.", "Choose other days.")
    row = Sample(agreement=agreement, begins=begins, ends=ends, of=len(found), reason=reason.strip(), drawn_by=by)
    row.keep_until = kept_from(agreement.until)
    row.save(force_insert=True)
    for note in secrets.SystemRandom().sample(found, min(size, len(found))):
        Sampled(agreement=agreement, sample=row, note_id=note).save(force_insert=True)
    trail.change(row, "draw_sample")
    return row


def look(row: Sampled, remark: str, *, by: User) -> None:
    """Write down that ``by`` looked at the note, with a remark or without. It is final."""
    row.remark, row.seen_at, row.seen_by = remark.strip(), clock.now(), by
    row.save(update_fields=["remark", "seen_at", "seen_by"])
    trail.change(row, "look_at_sample")

"""Sharing what was made unrecognisable: with it the consultation begins (SU-2)."""

from __future__ import annotations

import datetime

from audit import clock, trail
from practice.actions import outbox
from practice.actions.credentials import site_link
from practice.models import User
from practice.refusals import Refused
from supervision import serving
from supervision.models import Consultation, DeidentifiedView

from .deidentified import WORDS, findings, require_draft

SUBJECT = "Something waits for you"
BODY = "A colleague asks you something. Please sign in:\n\n{url}\n"


def share(row: DeidentifiedView, *, by: User) -> Consultation:
    """The colleague may read it from now on, for its days (of outside: on a page that is made for them); it changes no more.

    Raises Refused by SU-2 while a place is not answered for.
    """
    require_draft(row)
    if left := len(findings(row, by)):
        raise Refused("SU-2", f"{left} places still look like an identifier.", "Replace each, or keep it with a reason.")
    row.shared_at = clock.now()
    row.until = row.shared_at + datetime.timedelta(days=row.days)
    row.save(update_fields=[*WORDS, "shared_at", "until"])
    trail.change(row, "share_view")
    if row.colleague:
        outbox.queue("consult", row.colleague.email, SUBJECT, BODY.format(url=site_link("home")))
    return _consultation(row, by)


def _consultation(view: DeidentifiedView, by: User) -> Consultation:
    said = view.work.get("asked", {})
    row = Consultation(client=view.client, asked_by=by, held_on=clock.today(), view=view)
    row.basis = Consultation.Basis.DEIDENTIFIED
    row.relation, row.consultant = said.get("relation", Consultation.Relation.COLLEAGUE), view.colleague
    row.serves, row.served = serving.require(by, view.client, said.get("about", ""))
    row.who, row.question = view.colleague.name if view.colleague else said["who"], view.question
    row.told = {"items": [f"{part['title']}, {part['on']}, without names" for part in view.parts]}
    row.save(force_insert=True)
    trail.change(row, "consultation_recorded")
    return row

"""Telling those who sign that something waits for them: a mail that says nothing of what, of whom, or of the practice."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from audit import clock, trail
from clients.models import Client, Representative
from consent.evidence import add_step
from consent.models import Question, Request, Signer
from messaging import actions as messaging
from messaging.models import Outgoing
from practice.actions.credentials import site_link
from practice.models import User
from practice.refusals import Refused

SUBJECT = "Something new for you to read"
BODY = """There is something new on your page. Sign in to read it:

{url}

If you did not expect this, leave it: nothing happens.
"""


def tell(papers: Sequence[Request], *, by: User | None) -> set[UUID]:
    """Write, once to each address, to those who are to sign any of ``papers`` and have an account and an address they agreed to.

    Returns the signers who are told. That they were stands among the steps of each paper.
    """
    waiting = Signer.objects.filter(request__in=papers, signature=None).select_related("person", "representative")
    known: dict[tuple[UUID, UUID | None], bool] = {}
    written: set[str] = set()
    reached = [signer for signer in waiting if _told(signer, known, written, by)]
    for paper in papers:
        if told := [str(signer.pk) for signer in reached if signer.request_id == paper.pk]:
            add_step(paper, "told", user=by, signers=sorted(told))
            trail.change(paper, "tell_of_consent")
    return {signer.pk for signer in reached}


def _told(signer: Signer, known: dict[tuple[UUID, UUID | None], bool], written: set[str], by: User | None) -> bool:
    who = (signer.person_id, signer.representative_id)
    if who not in known:
        known[who] = _write(signer.person, signer.representative, written, by)
    return known[who]


def _write(person: Client, representative: Representative | None, written: set[str], by: User | None) -> bool:
    """Whether it left: messaging decides, and keeps why not."""
    to = messaging.To(person, representative=representative)
    words = messaging.Words(SUBJECT, BODY.format(url=site_link("home")))
    return messaging.notify("paper", to, words, by=by, once=written).state == Outgoing.State.HANDED


def tell_of_answer(question: Question, *, by: User) -> bool:
    """Write to whoever asked that there is something to read; False where nobody can be written to."""
    told = _write(question.signer.person, question.signer.representative, set(), by)
    if told:
        trail.change(question, "tell_of_answer")
    return told


def remind(paper: Request, *, by: User) -> set[UUID]:
    """Tell those again who have not signed ``paper`` yet; returns them. Raises Refused where it is closed to be signed."""
    if paper.ended_as or paper.active_from or (paper.reply_by and paper.reply_by <= clock.now()):
        raise Refused("ES-6", "This paper is not open to be signed.", "Send it again.")
    told = tell([paper], by=by)
    trail.change(paper, "remind_of_consent")
    return told

"""A client asks about a line of their trail, and is answered."""

from __future__ import annotations

from audit import clock, trail
from audit.models import Event
from clients.models import Client
from practice.actions import outbox
from practice.actions.credentials import site_link
from practice.models import User
from practice.refusals import Refused
from review.models import LineAnswer, LineQuestion

SUBJECT = "An answer waits for you"
BODY = """Something that you asked has been answered. Sign in to read it:

{url}
"""


def ask_about_line(client: Client, line: Event, question: str, *, by: User) -> LineQuestion:
    """``by``, the client, asks the admins about ``line`` of their own trail. Asked again, the first question stands.

    Raises Refused for an empty one.
    """
    if not question.strip():
        raise Refused("SE-12", "An empty question asks nothing.", "Write what you would like to know.")
    former = LineQuestion.objects.filter(asked_by=by, line=line.id, line_at=line.at).first()
    if former:
        return former
    row = LineQuestion(client=client, line=line.id, line_at=line.at, act=line.act, part=line.part, about=line.actor_id, asked_by=by)
    row.question = question.strip()
    row.save(force_insert=True)
    trail.change(row, "ask_about_line")
    return row


def answer_about_line(row: LineQuestion, answer: str, *, by: User) -> None:
    """The practice's answer, final, and whoever asked has a mail that one waits. Raises Refused for an empty one and for a second."""
    if not answer.strip():
        raise Refused("SE-12", "An empty answer answers nothing.", "Say who it was and why they opened it.")
    if row.answered_at is not None:
        raise Refused("SE-12", "This was answered already, and an answer is final.", "")
    now = clock.now()
    LineQuestion.objects.filter(pk=row.pk).update(answered_at=now)
    row.answered_at = now
    given = LineAnswer(question=row, client_id=row.client_id, answered_by=by, answered_at=now)
    given.answer = answer.strip()
    given.save(force_insert=True)
    trail.change(given, "answer_about_line")
    outbox.queue("asked", row.asked_by.email, SUBJECT, BODY.format(url=site_link("home")))

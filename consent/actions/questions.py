"""Questions before signing: pinned to a clause, answered by the practice, settled by whoever asked (IC-21)."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from audit import clock, trail
from consent.clauses import clauses
from consent.evidence import add_step
from consent.models import Answer, Question, Signer
from practice.models import User
from practice.refusals import Refused

from .telling import tell_of_answer


def ask_question(signer: Signer, anchor: str, text: str, *, by: User, ident: UUID | None = None) -> Question:
    """``signer`` asks about the clause ``anchor``. Sent twice with one ``ident``, it is asked once.

    Raises Refused once the paper is signed or ended: then it is a matter for a conversation, or for withdrawing.
    """
    request = signer.request
    already = Question.objects.filter(pk=ident, signer=signer).first() if ident else None
    if already:
        return already
    if request.ended_as or hasattr(signer, "signature"):
        raise Refused("IC-21", _("This paper is already signed or closed."), _("Ask your counselor when you next talk."))
    if anchor not in {clause.anchor for clause in clauses(request.shown)}:
        raise Refused("IC-21", _("That clause is not part of this paper."), _("Choose the clause you mean."))
    question = Question(client_id=request.client_id, request=request, signer=signer, anchor=anchor, text=text)
    if ident:
        question.id = ident
    question.save(force_insert=True)
    add_step(request, "question", user=by, signer=signer, question=str(question.pk), anchor=anchor, text=text)
    trail.change(question, "ask_question")
    return question


def answer(question: Question, text: str, *, by: User, ident: UUID | None = None) -> Answer:
    """Answer ``question`` for the practice, and tell whoever asked. The answer stays as given; with one ``ident`` it is given once.

    Raises Refused for an empty one.
    """
    already = Answer.objects.filter(pk=ident, question=question).first() if ident else None
    if already:
        return already
    if not text.strip():
        raise Refused("IC-21", "An empty answer answers nothing.", "Write what you would say.")
    given = Answer(client_id=question.client_id, question=question, by=by, text=text)
    if ident:
        given.id = ident
    given.save(force_insert=True)
    add_step(question.request, "answer", user=by, signer=question.signer, question=str(question.pk), text=text)
    trail.change(given, "answer_question")
    tell_of_answer(question, by=by)
    return given


def settle(question: Question, *, by: User) -> None:
    """Whoever asked says that the question is settled for them; the signature is held by it no more."""
    if question.settled_at is None:
        question.settled_at = clock.now()
        question.save(update_fields=["settled_at"])
        add_step(question.request, "satisfied", user=by, signer=question.signer, question=str(question.pk))
        trail.change(question, "settle_question")

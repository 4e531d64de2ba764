"""What a paper is to the one who is named to sign it: a word, an icon, a tone, and where it stands in their list."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_noop as _

from audit import clock
from consent.clauses import Clause
from consent.models import Question, Request, Signer
from consent.states import ACTIVE, EXPIRING, State, state_of

TO_SIGN = State("to_sign", _("To read and sign"), "pen-line", "warn")
ASKED = State("asked", _("Waiting for an answer"), "message-circle-question-mark", "wait")
ANSWERED = State("answered", _("Your question is answered"), "reply", "good")
SIGNED = State("signed", _("Signed by you"), "signature", "good")
SAID_NO = State("said_no", _("You did not agree"), "circle-x", "neutral")
CLOSED = State("closed", _("The time to sign is over"), "calendar-x", "neutral")
WITHDRAWN = State("revoked", _("Taken back"), "undo-2", "neutral")


def is_open(request: Request) -> bool:
    """Whether ``request`` can still be signed."""
    return not request.ended_as and (request.reply_by is None or request.reply_by > clock.now())


def standing_of(signer: Any) -> State:
    """The state of a paper for ``signer`` (of access.standing: signed, asks, answered, said_no). It tells nothing of any other signer."""
    request: Request = signer.request
    if request.ended_as:
        return _ended(signer, request)
    if signer.signed:
        return state_of(request) if request.active_from else SIGNED
    if signer.said_no:
        return SAID_NO
    if not is_open(request):
        return CLOSED
    if signer.asks:
        return ASKED
    return ANSWERED if signer.answered else TO_SIGN


def _ended(signer: Any, request: Request) -> State:
    if request.ended_as == Request.End.DECLINED:
        return SAID_NO if signer.said_no else state_of(request)
    return WITHDRAWN if request.ended_as == Request.End.WITHDRAWN else state_of(request)


def group_of(state: State) -> str:
    """Where a paper in ``state`` stands: "waiting", "active" or "ended"."""
    if state in (TO_SIGN, ASKED, ANSWERED):
        return "waiting"
    return "active" if state in (ACTIVE, EXPIRING, SIGNED) else "ended"


def stands_for_another(signer: Signer) -> bool:
    """Whether ``signer`` signs for somebody else."""
    return signer.representative_id is not None


def _with_answers(question: Question) -> dict[str, Any]:
    answers = [*question.answers.all()]
    return {"row": question, "answers": answers, "waits": not answers and question.settled_at is None}


def with_questions(parts: list[Clause], questions: list[Question]) -> list[dict[str, Any]]:
    """Each clause with its own questions and whether one of them waits: clause, questions, waits."""
    found = []
    for clause in parts:
        here = [_with_answers(question) for question in questions if question.anchor == clause.anchor]
        found.append({"clause": clause, "questions": here, "waits": any(each["waits"] for each in here)})
    return found

"""Questions about papers: those that nobody has answered yet, and answering one with its clause beside it (IC-21)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit import clock
from audit.doors import changes, lists
from clients.views import me
from consent import access, actions
from consent.clauses import clauses
from consent.forms.reading import AnswerForm
from consent.models import Question
from practice.access import staffed_practice
from practice.attention import SHOWN, Queue, Rows
from practice.models import Practice
from practice.refusals import Refused

LATE_AFTER = 2  # days somebody has waited for an answer


def _rows(questions: QuerySet[Question], most: int = SHOWN) -> Rows:
    now, found = clock.now(), questions.defer("text", "request__shown")[:most]
    waited = [(question, (now - question.asked_at).days) for question in found]
    return [
        {"question": question, "client": question.client, "words": _waits(days), "tone": "warn" if days >= LATE_AFTER else "wait"}
        for question, days in waited
    ]


def _waits(days: int) -> str:
    return f"Waits {days} day{'' if days == 1 else 's'}" if days else "Asked today"


QUEUES = (
    Queue(
        "client-questions", "Client questions", 25, "consent/_question_row.html", access.open_questions, _rows,
        "Somebody asked about a paper before signing it. They cannot sign until they have an answer (IC-21).",
    ),
)  # fmt: skip


@lists(access.open_questions, within=staffed_practice)
def question_queue(request: HttpRequest, practice: Practice, questions: QuerySet[Question]) -> HttpResponse:
    """The open questions of one's clients, the oldest first. None of them is opened here."""
    return render(request, "consent/question_queue.html", {"rows": _rows(questions, SHOWN * 2)})


@changes(access.questions)
def question_answer(request: HttpRequest, question: Question) -> HttpResponse:
    """A question with the clause it is about. What is answered becomes part of the evidence and stays as it is."""
    form = AnswerForm(request.POST if request.method == "POST" else None, initial={"ident": uuid4()})
    refusal = None
    if form.is_valid():
        try:
            actions.answer(question, form.cleaned_data["text"], by=me(request), ident=form.cleaned_data["ident"])
            messages.success(request, "Answered. The client sees it beside the clause, and can sign now.")
            return redirect("question_queue")
        except Refused as refused:
            refusal = refused
    found = _about(question) | {"form": form, "refusal": refusal}
    return render(request, "consent/question_answer.html", found, status=422 if form.is_bound else 200)


def _about(question: Question) -> dict[str, Any]:
    clause = next((each for each in clauses(question.request.shown) if each.anchor == question.anchor), None)
    others = question.request.questions.filter(signer=question.signer_id).exclude(pk=question.pk).prefetch_related("answers__by")
    answers = question.answers.select_related("by")
    return {"question": question, "client": question.client, "clause": clause, "answers": [*answers], "others": [*others]}

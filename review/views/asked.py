"""What clients ask about lines of their trail, answered by an admin."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from audit.doors import changes
from audit.models import Act
from clients import history
from clients.views import again, me
from review import access, actions
from review.forms.asked import AnswerForm
from review.models import LineQuestion


@changes(access.line_questions)
def line_answer(request: HttpRequest, row: LineQuestion) -> HttpResponse:
    """One question, the line it is about, and the answer."""
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.answer_about_line(row, form.cleaned_data["answer"], by=me(request))
        messages.success(request, "Answered. The client reads it in the portal, and has a mail that it is there.")
        return redirect("home")
    who = history.names_of([row.about]).get(row.about, "somebody unknown") if row.about else "the house itself"
    context = {"row": row, "form": form, "who": who, "act": Act(row.act).label, "part": history.words_of(row.part)}
    return again(request, "review/line_answer.html", context)

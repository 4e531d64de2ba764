"""Pages for consultants of outside: made and stopped by whoever asked; opened once, with words told another way."""

from __future__ import annotations

import hashlib

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from audit.doors import changes, public
from clients.views import me
from practice import factors, throttle
from practice.refusals import Refused
from supervision import access, actions
from supervision.forms.consultations import AnswerForm, PageForm, WordsForm
from supervision.models import Consultation, OutsidePage

from .consultations import _detail

# One sentence for wrong words, and for a link that never was, was opened, has ended or was stopped.
NO_MATCH = "These words and this link do not go together, or the link no longer works. Ask whoever sent it."


@changes(access.own_consultations)
@factors.reauthenticated
def page_make(request: HttpRequest, row: Consultation) -> HttpResponse:
    """Make a page for the consultant, and show its words once. Asks for a fresh confirmation first."""
    form = PageForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _detail(request, row, None, page=form)
    try:
        linked = actions.make_page(row, by=me(request), **form.cleaned_data)
    except Refused as refused:
        return _detail(request, row, refused, page=form)
    return render(request, "supervision/page_linked.html", {"row": row, "linked": linked})


@changes(access.open_pages)
def page_stop(request: HttpRequest, page: OutsidePage) -> HttpResponse:
    """Nobody opens it any more."""
    if request.method == "POST":
        actions.stop_page(page, by=me(request))
        messages.success(request, "Stopped. Nobody opens it any more.")
    return redirect("consultation_detail", page.consultation_id)


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


@sensitive_post_parameters()
@public("The link alone opens nothing and tells nothing; it needs the words that were told another way, and works once.")
def page_open(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask for the three words: the same page for every link there could be. Behind them the question, and a box for the answer."""
    if "reader" in request.POST:
        return _private(_answered(request, secret))
    form = WordsForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        attempt = throttle.guess(request, hashlib.sha256(secret.encode()).hexdigest()[:32], "portal")
        shown = actions.open_page(secret, form.cleaned_data["words"], allowed=attempt is not None)
        if attempt and shown is not None:
            throttle.forgive(attempt)
            return _private(render(request, "supervision/page_shown.html", {"shown": shown, "form": AnswerForm()}))
        form.add_error(None, NO_MATCH)
    return _private(render(request, "supervision/page_open.html", {"form": form}, status=422 if form.is_bound else 200))


def _answered(request: HttpRequest, secret: str) -> HttpResponse:
    form = AnswerForm(request.POST)
    text = form.cleaned_data["text"] if form.is_valid() else ""
    came = actions.answer_page(secret, request.POST["reader"][:100], text)
    if came is True:
        return render(request, "supervision/page_answered.html")
    if came is False:
        return render(request, "supervision/page_over.html", {"typed": request.POST.get("text", "")[:8000]}, status=410)
    return render(request, "supervision/page_shown.html", {"shown": came, "form": form}, status=422)

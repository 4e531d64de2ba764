"""Who opened my record: for the client themself, with a way to ask about a line."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from audit.doors import changes, lists
from audit.models import Event
from clients.access import own_clients, told_emergencies
from clients.models import Client
from clients.paging import page_of
from clients.views import again, me
from practice.access import portal_practice
from practice.models import Practice
from practice.profile import profile

from . import access, actions
from .forms.asked import AskForm
from .telling import Opening, Telling, at_moment

SIZE = 60  # lines on a page, before repeats are folded


def _telling(request: HttpRequest, client: Client) -> Telling:
    emergencies = told_emergencies(request.user).filter(client=client)
    return Telling(client, emergencies, access.own_line_questions(request.user).filter(client=client), by_name=profile().names_staff)


@lists(access.portal_lines, within=own_clients)
def portal_opened(request: HttpRequest, client: Client, lines: QuerySet[Event]) -> HttpResponse:
    """Every line about this record that is not the client's own, newest first, however old; their own visits are one number."""
    mine = lines.filter(client_id=client.pk)
    others, own = mine.exclude(actor_id=request.user.pk), mine.filter(actor_id=request.user.pk)
    keys = {"newer": request.POST.get("newer", ""), "older": request.POST.get("older", "")}
    page = page_of(others, order=("-at", "-id"), size=SIZE, newer=keys["newer"], older=keys["older"])
    openings = _telling(request, client).tell(page.rows)
    asked = access.own_line_questions(request.user).filter(client=client)
    context = {"client": client, "page": page, "openings": openings, "own": own.count(), "last": own[1:2].first(), "asked": asked}
    return render(request, "review/portal_opened.html", context)


@changes(portal_practice)
def line_ask(request: HttpRequest, practice: Practice, client: UUID, moment: str) -> HttpResponse:
    """Ask the admins about one line of one's own record."""
    mine = get_object_or_404(own_clients(request.user), pk=client)
    opening = _found(request, mine, moment)
    if opening.asked:
        return redirect("portal_opened", pk=mine.pk)
    form = AskForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return again(request, "review/line_ask.html", {"client": mine, "opening": opening, "form": form})
    actions.ask_about_line(mine, opening.entry.line, form.cleaned_data["question"], by=me(request))
    messages.success(request, "Asked. You find the answer here, and we write to you when it is there.")
    return redirect("portal_opened", pk=mine.pk)


def _found(request: HttpRequest, client: Client, moment: str) -> Opening:
    """The line of that moment, as the client may see it; raises Http404."""
    at = at_moment(moment)
    others = access.portal_lines(request.user).filter(client_id=client.pk).exclude(actor_id=request.user.pk)
    line = others.filter(at=at).first() if at else None
    if line is None:
        raise Http404
    return _telling(request, client).tell([line])[0]

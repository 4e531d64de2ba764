"""The portal: the client, and who represents them, read and save what of the record went to whom, and ask by their rights."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from audit import clock
from audit.doors import changes, exports, lists
from audit.sheet import rows as sheet_of
from clients.access import own_clients, portal_clients
from clients.models import Client
from clients.views import again, me
from practice import pdf
from practice.access import portal_practice
from practice.deadlines import after_years
from practice.models import Practice
from practice.refusals import Refused

from . import access, actions, law, rights
from .forms.rights import OwnWishForm, ReplyForm
from .letters import rights_answer
from .models import AccountingRequest, Disclosure, RightsReply, RightsRequest
from .paper import accounting_paper, lines, sheet
from .views.requests import download


def _days() -> tuple[datetime.date, datetime.date]:
    today = clock.today()
    return after_years(today, -law.periods().years), today


def _of(entries: QuerySet[Disclosure], client: Client) -> QuerySet[Disclosure]:
    return entries.filter(client=client, on__range=_days())


@lists(access.own_disclosures, within=portal_clients)
def portal_accounting(request: HttpRequest, client: Client, entries: QuerySet[Disclosure]) -> HttpResponse:
    """What of this record went to whom in the last six years; what the client signed for stands apart."""
    mine = _of(entries, client)
    context = {"client": client, "lines": lines(mine.filter(accountable=True)), "signed": lines(mine.filter(accountable=False))}
    return render(request, "disclosures/portal_accounting.html", context | {"since": _days()[0]})


@exports(portal_clients)
def portal_accounting_pdf(request: HttpRequest, client: Client) -> HttpResponse:
    """The same as PDF."""
    entries, (since, until) = _of(access.own_disclosures(request.user), client), _days()
    paper = accounting_paper(client, entries, since=since, until=until, practice=portal_practice(me(request)).get())
    return download(pdf.press("accounting", paper), "accounting.pdf")


@exports(portal_clients)
def portal_accounting_sheet(request: HttpRequest, client: Client) -> HttpResponse:
    """The same as a table, with no cell that a spreadsheet would run (attack 75)."""
    made = sheet_of(sheet(_of(access.own_disclosures(request.user), client)))
    return download(made.encode(), "accounting.csv", "text/csv; charset=utf-8; header=present")


# --- what clients ask (section 10) --------------------------------------------------------------------------------------


@lists(access.own_rights, within=portal_clients)
def portal_rights(request: HttpRequest, client: Client, mine: QuerySet[RightsRequest]) -> HttpResponse:
    """What one asked of the practice, and what came of it."""
    rows = mine.filter(client=client).select_related("review").prefetch_related("replies")
    context = {"client": client, "rows": [_shown(row) for row in rows], "today": clock.today()}
    return render(request, "disclosures/portal_rights.html", context)


def _shown(row: RightsRequest) -> dict[str, Any]:
    replies = row.replies.all()
    withdrawn = any(each.kind == RightsReply.Kind.WITHDRAWN for each in replies)
    ground = rights.grounds(row.kind).get(row.ground)
    found = {"row": row, "ground": ground, "withdrawn": withdrawn, "review": getattr(row, "review", None)}
    return found | {"unsaid": actions.unsaid(row, replies)}


@changes(portal_practice)
def portal_rights_ask(request: HttpRequest, practice: Practice, client: UUID) -> HttpResponse:
    """Ask: to see or copy the record, to have something amended or withheld, to be reached elsewhere, or complain."""
    mine = get_object_or_404(portal_clients(request.user), pk=client)
    by, form, refusal = me(request), OwnWishForm(request.POST or None), None
    if form.is_valid():
        wish = actions.Wish(**form.cleaned_data | _who(request, mine), received_on=clock.today())
        try:
            row = actions.receive(mine, wish, practice=practice, by=by, asker=by)
            messages.success(request, f"Sent. You will have an answer by {row.due_on:%-d %b %Y}.")
            return redirect("portal_rights", mine.pk)
        except Refused as refused:
            refusal = refused
    return again(request, "disclosures/portal_rights_ask.html", {"client": mine, "form": form, "refusal": refusal})


def _who(request: HttpRequest, client: Client) -> dict[str, str]:
    """Who asks, as the sign-in knows them (AU-9)."""
    own = own_clients(request.user).filter(pk=client.pk).exists()
    whom = AccountingRequest.Whom.CLIENT if own else AccountingRequest.Whom.REPRESENTATIVE
    return {"whom": whom, "name": me(request).name, "verified": "Signed in to the portal."}


@changes(access.own_rights)
def portal_rights_say(request: HttpRequest, row: RightsRequest) -> HttpResponse:
    """Withdraw it, ask for a review, or disagree with what was answered."""
    kinds = actions.unsaid(row, row.replies.all())
    form, refusal = ReplyForm(kinds, request.POST or None), None
    if form.is_valid():
        try:
            actions.reply(row, form.cleaned_data["kind"], form.cleaned_data["words"], by=me(request))
            messages.success(request, "Sent.")
            return redirect("portal_rights", row.client_id)
        except Refused as refused:
            refusal = refused
    context = {"row": row, "client": row.client, "form": form, "refusal": refusal, "kinds": kinds}
    return again(request, "disclosures/portal_rights_say.html", context)


@exports(access.own_answered_rights)
def portal_rights_letter(request: HttpRequest, row: RightsRequest) -> HttpResponse:
    """The letter with the answer."""
    return download(pdf.press("accounting", rights_answer(row, portal_practice(me(request)).get())), "letter.pdf")

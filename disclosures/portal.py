"""The portal: the client, and who represents them, read and save what of the record went to whom."""

from __future__ import annotations

import datetime

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from audit import clock
from audit.doors import exports, lists
from audit.sheet import rows as sheet_of
from clients.access import portal_clients
from clients.models import Client
from clients.views import me
from practice import pdf
from practice.access import portal_practice
from practice.deadlines import after_years

from . import access, law
from .models import Disclosure
from .paper import accounting_paper, lines, sheet
from .views.requests import download


def _days() -> tuple[datetime.date, datetime.date]:
    today = timezone.localdate(clock.now())
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

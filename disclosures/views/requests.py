"""Requests for the accounting: writing one down, more time, the fee, and giving it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header

from audit import clock
from audit.doors import changes, exports, reads
from clients.access import counseled_clients
from clients.models import Client
from clients.views import me, under_kept
from disclosures import access, actions
from disclosures.forms.requests import AskForm, ExtendForm, FeeForm, GiveForm
from disclosures.letters import extension_letter
from disclosures.models import AccountingRequest
from disclosures.paper import lines
from practice import pdf
from practice.access import staffed_practice
from practice.refusals import Refused

from .accounting import page


def download(made: bytes, name: str, kind: str = "application/pdf") -> HttpResponse:
    """``made`` as a file called ``name``."""
    return HttpResponse(made, content_type=kind, headers={"Content-Disposition": content_disposition_header(True, name) or ""})


@changes(counseled_clients)
@under_kept(counseled_clients)
def accounting_new(request: HttpRequest, client: Client) -> HttpResponse:
    """Somebody asked for the accounting: who, how you know, for which days. It is due in 60 days (ACC-5)."""
    initial = {"received_on": clock.today(), "whom": AccountingRequest.Whom.CLIENT}
    form, refusal = AskForm(request.POST if request.method == "POST" else None, initial=initial), None
    if form.is_valid():
        try:
            row = actions.ask(client, form.asked(), by=me(request))
            messages.success(request, f"Written down. Due {row.due_on:%-d %b %Y}.")
            return redirect("accounting_detail", row.pk)
        except Refused as refused:
            refusal = refused
    return page(request, "accounting_new", client, form=form, refusal=refusal)


@reads(access.kept_accountings)
def accounting_detail(request: HttpRequest, row: AccountingRequest) -> HttpResponse:
    """One request: by when it is due, what it costs, and what would be given."""
    return _detail(request, row)


def _detail(request: HttpRequest, row: AccountingRequest, refusal: Refused | None = None, **forms: Form) -> HttpResponse:
    by = me(request)
    entries = list(access.accountable([row.client_id], row.since, row.until, by)) if row.is_open else []
    context: dict[str, Any] = {
        "row": row, "lines": lines(entries), "look": [entry for entry in entries if not entry.in_portal], "refusal": refusal,
        "may": access.open_accountings(by).filter(pk=row.pk).exists(), "free": actions.is_free(row, by),
        "extend": ExtendForm(), "fee": FeeForm(), "give": GiveForm(),
    }  # fmt: skip
    return page(request, "accounting_detail", row.client, **(context | forms))


def _done(request: HttpRequest, row: AccountingRequest, act: Callable[[], None], said: str) -> HttpResponse:
    try:
        act()
    except Refused as refused:
        return _detail(request, row, refused)
    messages.success(request, said)
    return redirect("accounting_detail", row.pk)


@changes(access.open_accountings)
def accounting_extend(request: HttpRequest, row: AccountingRequest) -> HttpResponse:
    """Take 30 days more, once, with a letter that says why."""
    form = ExtendForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _detail(request, row, extend=form)
    return _done(request, row, lambda: actions.extend(row, form.cleaned_data["reasons"], by=me(request)), "Extended. Send the letter.")


@changes(access.open_accountings)
def accounting_fee(request: HttpRequest, row: AccountingRequest) -> HttpResponse:
    """They were told what it costs."""
    form = FeeForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _detail(request, row, fee=form)
    return _done(request, row, lambda: actions.tell_fee(row, form.cleaned_data["fee"], by=me(request)), "Written down: they know.")


@changes(access.open_accountings)
def accounting_withdraw(request: HttpRequest, row: AccountingRequest) -> HttpResponse:
    """They do not want it any more."""
    if request.method != "POST":
        return _detail(request, row)
    return _done(request, row, lambda: actions.withdraw(row, by=me(request)), "Withdrawn.")


@changes(access.open_accountings)
def accounting_give(request: HttpRequest, row: AccountingRequest) -> HttpResponse:
    """Make the paper, and keep exactly it."""
    form = GiveForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _detail(request, row, give=form)
    return _done(request, row, lambda: actions.give(row, by=me(request), looked=form.cleaned_data["looked"]), "Made and kept.")


@exports(access.given_accountings)
def accounting_paper(request: HttpRequest, row: AccountingRequest) -> HttpResponse:
    """What was given, to the byte."""
    return download(row.pdf, "accounting.pdf")


@exports(access.extended_accountings)
def accounting_letter(request: HttpRequest, row: AccountingRequest) -> HttpResponse:
    """The letter that it takes longer."""
    return download(pdf.press("accounting", extension_letter(row, staffed_practice(request.user).get())), "letter.pdf")

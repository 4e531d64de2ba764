"""Exceptions to confidentiality, guided on one page: every step in its place, none of which decides for the counselor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit import clock
from audit.doors import changes, lists, reads
from clients import header
from clients.access import counseled_clients, readable_clients
from clients.models import Client
from clients.views import me, rows_of, under_kept
from disclosures import access, actions
from disclosures.forms.exceptions import AnswerForm, AskSupervisorForm, CloseForm, ConsultForm, DecideForm, OpenForm, ReportForm, ToldForm
from disclosures.law import reports
from disclosures.models import Consult, ExceptionEvent
from practice.access import staffed_practice
from practice.profile import profile
from practice.refusals import Refused
from supervision import serving

from .accounting import page


@lists(access.exceptions, within=readable_clients)
@under_kept(readable_clients)
def exception_list(request: HttpRequest, client: Client, events: QuerySet[ExceptionEvent]) -> HttpResponse:
    """What may override confidentiality for this client: a compartment of its own, for the care team alone (REP-6)."""
    found = events.filter(client__in=rows_of(request, client, readable_clients)).defer("facts", "source", "standard", "rationale")
    context = {"client": client, "head": header.of(request, client, "disclosure_list"), "events": found}
    return render(
        request, "disclosures/exception_list.html", context | {"may": counseled_clients(request.user).filter(pk=client.pk).exists()}
    )


@changes(counseled_clients)
@under_kept(counseled_clients)
def exception_new(request: HttpRequest, client: Client) -> HttpResponse:
    """Something was learned: what, when, from whom. The clocks and the next steps come at once."""
    practice = staffed_practice(request.user).get()
    states = [*practice.states, *(["GB"] if practice.uk_gdpr else [])]
    initial = {"learned_at": clock.now(), "place": states[0] if states else ""}
    form, refusal = OpenForm(states, request.POST if request.method == "POST" else None, initial=initial), None
    if form.is_valid():
        try:
            return redirect("exception_detail", actions.open_exception(client, form.opened(), by=me(request)).pk)
        except Refused as refused:
            refusal = refused
    return page(request, "exception_new", client, form=form, refusal=refusal)


@reads(access.exceptions)
def exception_detail(request: HttpRequest, event: ExceptionEvent) -> HttpResponse:
    """One event: clocks, consults, decision, the client, reports, the end."""
    return _detail(request, event)


def _detail(
    request: HttpRequest, event: ExceptionEvent, refusal: Refused | None = None, forms: dict[str, Form] | None = None
) -> HttpResponse:
    by, made = me(request), list(access.reports(event))
    oral = next((row.made_at for row in made if row.how == "oral"), None)
    done = {row.how: row.made_at for row in reversed(made)}
    clocks = [
        {"due": due, "done": done.get(due.what)} for due in reports.dues(event.kind, event.place, event.learned_at, oral, profile().zone)
    ]
    context: dict[str, Any] = {
        "event": event, "refusal": refusal, "reports": made, "consults": list(access.consults(event)), "now": clock.now(),
        "clocks": [*clocks, *_afterwards(event)], "duty": reports.duty(event.kind, event.place),
        "federal": reports.federal(event.kind), "may": access.own_exceptions(by).filter(pk=event.pk).exists(),
        "ask": AskSupervisorForm(), "consult": ConsultForm(), "decide": DecideForm(), "told": ToldForm(),
        "report": ReportForm(event, initial={"made_at": clock.now()}), "close": CloseForm(),
    }  # fmt: skip
    return page(request, "exception_detail", event.client, **(context | serving.around(by, "exception", event.pk) | (forms or {})))


def _afterwards(event: ExceptionEvent) -> list[dict[str, Any]]:
    """The consultation that an emergency put off (SU-7)."""
    if not event.at_once or event.decision != ExceptionEvent.Decision.NOT or event.decided_at is None:
        return []
    due = reports.Due("consult", "a consultation about not reporting (SU-7)", reports.consult_by(event.decided_at, profile().zone))
    return [{"due": due, "done": access.advice(event).exists()}]


def _step(request: HttpRequest, event: ExceptionEvent, name: str, form: Form, act: Callable[[], object], said: str) -> HttpResponse:
    if not form.is_valid():
        return _detail(request, event, None, {name: form})
    try:
        act()
    except Refused as refused:
        return _detail(request, event, refused, {name: form})
    messages.success(request, said)
    return redirect("exception_detail", event.pk)


@changes(access.own_exceptions)
def exception_ask(request: HttpRequest, event: ExceptionEvent) -> HttpResponse:
    """Ask the supervisor, in one step."""
    form = AskSupervisorForm(request.POST if request.method == "POST" else None)
    done = "Asked. Do not wait for the answer to make an oral report."
    return _step(request, event, "ask", form, lambda: actions.ask_supervisor(event, form.cleaned_data["question"], by=me(request)), done)


@changes(access.own_exceptions)
def exception_consult(request: HttpRequest, event: ExceptionEvent) -> HttpResponse:
    """Whom one consulted elsewhere."""
    form = ConsultForm(request.POST if request.method == "POST" else None)
    return _step(request, event, "consult", form, lambda: actions.note_consult(event, by=me(request), **form.cleaned_data), "Written down.")


@changes(access.own_exceptions)
def exception_decide(request: HttpRequest, event: ExceptionEvent) -> HttpResponse:
    """Decide, with reasons."""
    form = DecideForm(request.POST if request.method == "POST" else None)
    return _step(request, event, "decide", form, lambda: actions.decide_exception(event, by=me(request), **form.cleaned_data), "Decided.")


@changes(access.own_exceptions)
def exception_tell(request: HttpRequest, event: ExceptionEvent) -> HttpResponse:
    """Whether the client was told, or why not."""
    form = ToldForm(request.POST if request.method == "POST" else None)
    return _step(request, event, "told", form, lambda: actions.tell_client(event, by=me(request), **form.cleaned_data), "Written down.")


@changes(access.own_exceptions)
def exception_report(request: HttpRequest, event: ExceptionEvent) -> HttpResponse:
    """A report that was made; its entry in the accounting is written with it."""
    form = ReportForm(event, request.POST if request.method == "POST" else None)
    done = "Written down, with its entry in the accounting."
    return _step(request, event, "report", form, lambda: actions.report(event, form.reported(), by=me(request)), done)


@changes(access.own_exceptions)
def exception_close(request: HttpRequest, event: ExceptionEvent) -> HttpResponse:
    """It is over; nothing of it changes any more."""
    form = CloseForm(request.POST if request.method == "POST" else None)
    done = "Closed. It stays as it is."
    return _step(request, event, "close", form, lambda: actions.close_exception(event, by=me(request), **form.cleaned_data), done)


@changes(access.consults_asked)
def consult_answer(request: HttpRequest, row: Consult) -> HttpResponse:
    """A supervisor advises."""
    form, refusal = AnswerForm(request.POST if request.method == "POST" else None), None
    if form.is_valid():
        try:
            actions.answer_consult(row, form.cleaned_data["advice"], by=me(request))
            messages.success(request, "Answered.")
            return redirect("exception_detail", row.event_id)
        except Refused as refused:
            refusal = refused
    return page(request, "consult_answer", row.client, form=form, refusal=refusal, row=row, event=row.event)

"""Consultations: those of a client and one's own, written down, advised on, decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit.doors import changes, lists, reads
from clients import header
from clients.access import counseled_clients, readable_clients
from clients.models import Client
from clients.views import again, me, rows_of, under_kept
from practice.models import Practice
from practice.refusals import Refused
from supervision import access, actions, serving
from supervision.forms.consultations import AdviceForm, AnswerForm, DecisionForm, FreeForm, HeldForm, PageForm
from supervision.models import Consultation, DeidentifiedView

_UNSHOWN = ("question", "told", "grounds", "outcome__decision", "outcome__rationale")


@lists(access.consultations, within=readable_clients)
@under_kept(readable_clients)
def consultation_list(request: HttpRequest, client: Client, rows: QuerySet[Consultation]) -> HttpResponse:
    """Whom one asked about this client, and what came of it."""
    found = rows.filter(client__in=rows_of(request, client, readable_clients)).defer(*_UNSHOWN)
    drafts = access.own_drafts(request.user).filter(client=client.pk).defer("question", "pseudonym", "texts", "work")
    counsels = counseled_clients(request.user).filter(pk=client.pk).exists()
    context = {"rows": found, "drafts": drafts, "counsels": counsels}
    return _page(request, "consultation_list", client, **context)


def _page(request: HttpRequest, name: str, client: Client | None, **context: Any) -> HttpResponse:
    head = header.of(request, client, "session_list") if client else None
    base = "clients/client_base.html" if client else "base.html"
    return again(request, f"supervision/{name}.html", context | {"client": client, "head": head, "base": base})


@changes(counseled_clients)
def consultation_new(request: HttpRequest, client: Client) -> HttpResponse:
    """Write down a consultation about this client."""
    about = serving.choices(me(request), client)
    form = HeldForm(
        request.POST if request.method == "POST" else None, people=access.colleagues(request.user, client),
        signed=access.signed_for(request.user, client), about=about, initial={"about": request.GET.get("about", "")[:60]},
    )  # fmt: skip
    return _recorded(request, form, client)


def _recorded(request: HttpRequest, form: HeldForm, client: Client | None) -> HttpResponse:
    refusal = None
    if form.is_valid():
        try:
            return redirect("consultation_detail", actions.record(client, form.held(), by=me(request)).pk)
        except Refused as refused:
            refusal = refused
    return _page(request, "consultation_new", client, form=form, refusal=refusal)


@lists(access.free_consultations, within=access.consulting_practice)
def consultation_mine(request: HttpRequest, practice: Practice, rows: QuerySet[Consultation]) -> HttpResponse:
    """One's consultations about no client; for admins those about an incident as well."""
    return render(request, "supervision/consultation_mine.html", {"rows": rows.defer(*_UNSHOWN)[:200]})


@changes(access.consulting_practice)
def consultation_free(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Write down a consultation about no client: about an incident, or a question of one's work."""
    about = serving.choices(me(request), None)
    people, initial = access.fellows(request.user), {"about": request.GET.get("about", "")[:60]}
    return _recorded(
        request, FreeForm(request.POST if request.method == "POST" else None, people=people, about=about, initial=initial), None
    )


@reads(access.consultations)
def consultation_detail(request: HttpRequest, row: Consultation) -> HttpResponse:
    """What was asked, advised and decided."""
    return _detail(request, row)


def _detail(request: HttpRequest, row: Consultation, refusal: Refused | None = None, **forms: Form) -> HttpResponse:
    kind = serving.kind(row.serves)
    context: dict[str, Any] = {
        "row": row, "advice": access.advice(row), "refusal": refusal, "served": kind,
        "may": access.own_consultations(request.user).filter(pk=row.pk).exists(), "pages": access.pages(request.user, row),
        "outside": row.relation in actions.OUTSIDE, "told": AdviceForm(), "decide": DecisionForm(), "page": PageForm(),
    }  # fmt: skip
    return _page(request, "consultation_detail", row.client, **(context | forms))


def _step(request: HttpRequest, row: Consultation, name: str, form: Form, act: Callable[[], object], said: str) -> HttpResponse:
    if not form.is_valid():
        return _detail(request, row, None, **{name: form})
    try:
        act()
    except Refused as refused:
        return _detail(request, row, refused, **{name: form})
    messages.success(request, said)
    return redirect("consultation_detail", row.pk)


@changes(access.own_consultations)
def consultation_advise(request: HttpRequest, row: Consultation) -> HttpResponse:
    """Write down what they advised."""
    form = AdviceForm(request.POST if request.method == "POST" else None)
    return _step(request, row, "told", form, lambda: actions.advise(row, form.cleaned_data["text"], by=me(request)), "Written down.")


@changes(access.own_consultations)
def consultation_decide(request: HttpRequest, row: Consultation) -> HttpResponse:
    """What was decided, and why. It is final."""
    form = DecisionForm(request.POST if request.method == "POST" else None)
    return _step(request, row, "decide", form, lambda: actions.decide(row, by=me(request), **form.cleaned_data), "Decided, and kept.")


@changes(access.advisable_views)
def view_answer(request: HttpRequest, view: DeidentifiedView) -> HttpResponse:
    """The colleague who was asked advises."""
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.advise(view.consultation, form.cleaned_data["text"], by=me(request))
        messages.success(request, "Your advice is with whoever asked.")
        return redirect("view_read", view.pk)
    response = again(request, "supervision/view_read.html", {"row": view, "form": form, "given": access.own_advice(request.user, view)})
    response["Cache-Control"] = "no-store"
    return response

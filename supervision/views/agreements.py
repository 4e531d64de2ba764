"""Agreements of supervision: prepared, changed, signed by each, ended."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from audit.doors import changes, reads
from clients.views import again, me
from practice.access import colleagues
from practice.factors import reauthenticated
from practice.models import Practice
from practice.refusals import Refused
from supervision import access, filed
from supervision.actions import agreements as actions
from supervision.forms.agreements import PrepareForm, ShownForm, TermsForm
from supervision.models import Agreement


def posted(request: HttpRequest) -> Any:
    """What was sent, or None where the page was opened."""
    return request.POST if request.method == "POST" else None


@changes(access.supervision_practice)
def agreement_new(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Prepare an agreement between two people. Nothing begins before both have signed."""
    by = me(request)
    form, refusal = PrepareForm(posted(request), people=colleagues(by), by=by), None
    if form.is_valid():
        try:
            row = actions.prepare(form.cleaned_data["supervisor"], form.cleaned_data["supervisee"], form.terms_said(), by=by)
            return redirect("agreement_detail", pk=row.pk)
        except Refused as refused:
            refusal = refused
    return again(request, "supervision/agreement_new.html", {"form": form, "refusal": refusal})


@changes(access.editable_agreements)
def agreement_edit(request: HttpRequest, row: Agreement) -> HttpResponse:
    """Change the terms while nobody has signed."""
    initial = {name: getattr(row, name) for name in TermsForm.base_fields}
    form, refusal = TermsForm(posted(request), initial=initial), None
    if form.is_valid():
        try:
            actions.change_agreement(row, form.terms_said(), by=me(request))
            return redirect("agreement_detail", pk=row.pk)
        except Refused as refused:
            refusal = refused
    return again(request, "supervision/agreement_new.html", {"form": form, "refusal": refusal, "row": row})


@reads(access.agreements)
def agreement_detail(request: HttpRequest, row: Agreement) -> HttpResponse:
    """One agreement: its terms, who signed, and the file that belongs to it."""
    return _detail(request, row)


def _detail(request: HttpRequest, row: Agreement, refusal: Refused | None = None) -> HttpResponse:
    user = me(request)
    party = user.pk in (row.supervisor_id, row.supervisee_id)
    context: dict[str, Any] = {
        "row": row, "refusal": refusal, "party": party, "leads": user.pk == row.supervisor_id, "shown": actions.shown_hash(row).hex(),
        "signatures": [(each, actions.holds(row, each)) for each in access.signatures(user, row)],
        "edits": access.editable_agreements(user).filter(pk=row.pk).exists(),
        "signs": access.signable_agreements(user).filter(pk=row.pk).exists(),
        "ends": access.endable_agreements(user).filter(pk=row.pk).exists(),
        "stands": access.standing_agreements(user).filter(pk=row.pk).exists(),
    }  # fmt: skip
    return again(request, "supervision/agreement_detail.html", context | filed.of(user, row))


@changes(access.signable_agreements)
@reauthenticated
def agreement_sign(request: HttpRequest, row: Agreement) -> HttpResponse:
    """Sign for oneself, what the page showed."""
    if request.method != "POST":
        return _detail(request, row)
    form = ShownForm(request.POST)
    try:
        actions.sign(row, by=me(request), shown=str(form.cleaned_data["shown"]) if form.is_valid() else "")
    except Refused as refused:
        return _detail(request, row, refused)
    messages.success(request, "Signed.")
    return redirect("agreement_detail", pk=row.pk)


@changes(access.endable_agreements)
@reauthenticated
def agreement_end(request: HttpRequest, row: Agreement) -> HttpResponse:
    """End it now, or put it away before both have signed."""
    if request.method == "POST":
        actions.end(row, by=me(request))
        messages.success(request, "Ended. Whoever must be supervised needs a new agreement before their next session.")
        return redirect("agreement_detail", pk=row.pk)
    return again(request, "supervision/agreement_end.html", {"row": row})

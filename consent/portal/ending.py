"""Saying no, and taking back a yes: what it means is said before, a reason is never needed, and it holds at once."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from audit.doors import changes
from clients.views import me
from consent import access, actions, effects
from consent.forms.reading import ReasonForm
from consent.languages import as_the_paper
from consent.models import Signer
from practice.refusals import Refused

from .reading import about


@changes(access.own_signers)
@as_the_paper
def paper_decline(request: HttpRequest, signer: Signer) -> HttpResponse:
    """“I do not agree”: what that means, a reason if one likes, and the button."""
    found = about(request, signer)
    if not found["may_sign"]:
        return redirect("paper_read", signer.pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    refusal = None
    if form.is_valid():
        try:
            actions.decline(signer, by=me(request), reason=form.cleaned_data["reason"])
            messages.success(request, _("We noted that you do not agree. Nothing was signed."))
            return redirect("paper_list")
        except Refused as refused:
            refusal = refused
    found |= {"form": form, "refusal": refusal, "effects": effects.of_declining(signer.request)}
    return render(request, "consent/paper_decline.html", found, status=422 if form.is_bound else 200)


@changes(access.own_signers)
@as_the_paper
def paper_withdraw(request: HttpRequest, signer: Signer) -> HttpResponse:
    """Take a consent back: what stops is shown before; from the press on it holds."""
    found = about(request, signer)
    if not found["may_withdraw"]:
        return redirect("paper_read", signer.pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    refusal = None
    if form.is_valid():
        try:
            actions.withdraw(signer, by=me(request), reason=form.cleaned_data["reason"])
            messages.success(request, _("Taken back. From this moment nothing rests on it."))
            return redirect("paper_read", signer.pk)
        except Refused as refused:
            refusal = refused
    found |= {"form": form, "refusal": refusal, "effects": effects.of_withdrawing(signer.request)}
    return render(request, "consent/paper_withdraw.html", found, status=422 if form.is_bound else 200)

"""Signing in person, on a device that the counselor hands over (consent/tablet.py)."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.doors import changes, public
from audit.middleware import address_of
from clients.views import me
from consent import actions, effects, tablet
from consent.access import counseled_requests
from consent.clauses import clauses
from consent.evidence import intent
from consent.forms.reading import QuestionForm, ReasonForm
from consent.forms.signing import SignForm, field_of
from consent.models import Request, Signature, Signer
from consent.portal.signing import truncated
from consent.portal.standing import is_open, stands_for_another
from practice.refusals import Refused

from .requests import signers_of

_WHY = "A device that a counselor handed over shows one paper; who opens it without that gets nothing."


@require_POST
@changes(counseled_requests)
def tablet_hand_over(request: HttpRequest, paper: Request) -> HttpResponse:
    """End the counselor's own session on this device, and let it show this one paper."""
    if not is_open(paper) or paper.active_from:
        raise Refused("ES-6", "This paper is not open to be signed.", "Send it again, then have it signed here.")
    counselor, ident = me(request).pk, paper.pk
    logout(request)
    tablet.hand_over(request, ident, counselor)
    return redirect("tablet_paper")


@public(_WHY)
def tablet_paper(request: HttpRequest) -> HttpResponse:
    """Who signs: each of those named opens the paper for themself."""
    device = tablet.held(request)
    with tablet.opened(device) as paper:
        found = {"paper": paper, "signers": signers_of(paper), "open": is_open(paper), "refusers": _who_said_no(paper)}
        return render(request, "consent/tablet_paper.html", found)


def _who_said_no(paper: Request) -> set[UUID]:
    return {step.signer_id for step in paper.steps.filter(what="declined").defer("facts") if step.signer_id}


@public(_WHY)
def tablet_sign(request: HttpRequest, signer: UUID) -> HttpResponse:
    """The paper clause by clause for one signer, who may ask about each, and signs below."""
    device = tablet.held(request)
    with tablet.opened(device) as paper:
        who = get_object_or_404(paper.signers.select_related("representative", "person"), pk=signer)
        if hasattr(who, "signature") or not is_open(paper):
            return redirect("tablet_paper")
        who.request = paper
        actions.present(who, by=device.counselor)
        if request.method != "POST":
            return _page(request, who, _form(who))
        return _ask(request, who, device) if "anchor" in request.POST else _sign(request, who, device)


@public(_WHY)
def tablet_decline(request: HttpRequest, signer: UUID) -> HttpResponse:
    """“I do not agree”, said on the device: what that means, a reason if one likes, and the button."""
    device = tablet.held(request)
    with tablet.opened(device) as paper:
        who = get_object_or_404(paper.signers.select_related("representative", "person"), pk=signer)
        if hasattr(who, "signature") or not is_open(paper) or paper.active_from:
            return redirect("tablet_paper")
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            actions.decline(who, by=device.counselor, reason=form.cleaned_data["reason"])
            return redirect("tablet_paper")
        found = {"signer": who, "paper": paper, "form": form, "effects": effects.of_declining(paper)}
        return render(request, "consent/tablet_decline.html", found, status=422 if form.is_bound else 200)


def _form(signer: Signer, data: Any = None) -> SignForm:
    paper = signer.request
    initial = {"shown": bytes(paper.shown_hash).hex(), "version": 0}
    return SignForm(clauses(paper.shown), data, for_another=stands_for_another(signer), initial=initial)


def _page(request: HttpRequest, signer: Signer, form: SignForm, refusal: Refused | None = None, status: int = 200) -> HttpResponse:
    parts = [
        {"clause": each, "field": form[field_of(each)] if each.answer else None, "ask": _asking(each.anchor)}
        for each in clauses(signer.request.shown)
    ]
    found = {"signer": signer, "paper": signer.request, "parts": parts, "form": form, "refusal": refusal}
    waiting = signer.questions.filter(answers=None, settled_at=None).exists()
    return render(request, "consent/tablet_sign.html", found | {"intent": intent(), "waiting": waiting}, status=status)


def _asking(anchor: str) -> QuestionForm:
    return QuestionForm(initial={"anchor": anchor, "ident": uuid4()}, auto_id=f"id_{anchor}_%s")


def _ask(request: HttpRequest, signer: Signer, device: tablet.Tablet) -> HttpResponse:
    form = QuestionForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused("IC-21", _("There is no question in it yet."), _("Write it, and send it again."))
        said = form.cleaned_data
        actions.ask_question(signer, said["anchor"], said["text"], by=device.counselor, ident=said["ident"])
    except Refused as refusal:
        return _page(request, signer, _form(signer), refusal, status=422)
    return redirect("tablet_sign", signer.pk)


def _sign(request: HttpRequest, signer: Signer, device: tablet.Tablet) -> HttpResponse:
    form = _form(signer, request.POST)
    if not form.is_valid():
        return _page(request, signer, form, status=422)
    said = form.cleaned_data
    given = actions.Given(
        name=said["name"], shown=said["shown"], voluntary=said["voluntary"], method=Signature.Method.IN_PERSON,
        relationship=said.get("relationship", ""), drawing=said["drawing"], address=truncated(address_of(request)),
        answers=form.answers(), teach_back=request.POST.get("teach_back", "")[:2000].replace("\0", ""), witness=device.counselor,
    )  # fmt: skip
    try:
        actions.sign(signer, given, by=device.counselor)
    except Refused as refusal:
        return _page(request, signer, form, refusal, status=422)
    return redirect("tablet_paper")

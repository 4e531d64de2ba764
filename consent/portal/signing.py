"""Agreeing to sign on screen, and signing: each refusal beside its field or in words above, and nothing typed is lost."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.doors import changes, exports, reads
from audit.middleware import address_of
from clients.views import me
from consent import access, actions, law
from consent.clauses import clauses
from consent.evidence import intent
from consent.forms.signing import AgreeForm, AnswersForm, SignForm, field_of
from consent.languages import as_the_paper
from consent.models import AnswerDraft, Signature, Signer
from consent.sample import sample_paper, shows_word
from practice import pdf
from practice.access import portal_practice
from practice.refusals import Refused
from practice.signin import proof

from .reading import NAMES, about, has_agreed, key_of, was_opened
from .standing import stands_for_another

_KEPT_BITS = {4: 24, 6: 48}  # of an address: its last octet, or its last 80 bits, are not kept


# --- to sign on screen at all -------------------------------------------------------------------------------------------


@changes(access.own_signers)
@as_the_paper
def paper_agree(request: HttpRequest, signer: Signer) -> HttpResponse:
    """The six points, the sample paper, and the agreement to read and sign on screen (ES-2, ES-3)."""
    if has_agreed(request, signer):
        return redirect("paper_sign", signer.pk)
    form = AgreeForm(request.POST if request.method == "POST" else None, initial={"edition": law.edition()})
    refusal = None
    if form.is_valid():
        try:
            _agree(request, signer, form)
            return redirect("paper_sign", signer.pk)
        except Refused as refused:
            refusal = refused
    points = law.disclosures(signer.request.wording.language)
    found = {"signer": signer, "paper": signer.request, "form": form, "refusal": refusal, "points": points}
    return render(request, "consent/paper_agree.html", found, status=422 if form.is_bound else 200)


def _agree(request: HttpRequest, signer: Signer, form: AgreeForm) -> None:
    """Agree; raises Refused where the points are others by now, or the word is not the sample's."""
    if form.cleaned_data["edition"] != law.edition():
        raise Refused("ES-4", _("The six points have changed since you opened this page."), _("Open this page again and read them."))
    if not shows_word(me(request), form.cleaned_data["word"]):
        raise Refused("ES-3", _("That is not the word in the sample paper."), _("Open the sample again and type the large word in it."))
    actions.agree_electronically(signer, by=me(request), shown=list(law.disclosures()), demonstrated="typed the word of the sample paper")


@exports(access.own_signers)
def paper_sample(request: HttpRequest, signer: Signer) -> HttpResponse:
    """The sample paper: a PDF with one word in it, and nothing about anybody."""
    practice = portal_practice(request.user).get()
    return _pdf(pdf.press("sample", sample_paper(me(request), practice)), "sample.pdf")


def _pdf(made: bytes, name: str) -> HttpResponse:
    header = content_disposition_header(True, name)
    return HttpResponse(made, content_type="application/pdf", headers={"Content-Disposition": header})


# --- signing ------------------------------------------------------------------------------------------------------------


@changes(access.own_signers)
@as_the_paper
def paper_sign(request: HttpRequest, signer: Signer) -> HttpResponse:
    """The paper in full with what it asks, and the signature below. POST signs what the page showed, or keeps the answers."""
    if hasattr(signer, "signature"):  # pressed twice, or come back to: what is signed is signed
        return redirect("paper_done", signer.pk)
    if request.method != "POST":
        return _form(request, signer)
    if request.POST.get("then") == "keep":
        return _keep(request, signer)
    form = SignForm(clauses(signer.request.shown), request.POST, for_another=stands_for_another(signer))
    if not form.is_valid():
        return _shown(request, signer, form, status=422)
    try:
        actions.sign(signer, _given(request, form), by=me(request))
    except Refused as refusal:
        return _shown(request, signer, form, status=422, refusal=refusal)
    actions.forget_answers(signer)
    known = {"name": form.cleaned_data["name"], "relationship": form.cleaned_data.get("relationship", "")}
    request.session[NAMES] = request.session.get(NAMES, {}) | {key_of(signer): known}
    return redirect("paper_done", signer.pk)


def _form(request: HttpRequest, signer: Signer) -> HttpResponse:
    """The empty form, or with what was kept; or the page that comes before it."""
    found = about(request, signer)
    if not found["may_sign"] or found["signer"].asks or not was_opened(signer):
        return redirect("paper_read", signer.pk)
    if not has_agreed(request, signer):
        return redirect("paper_agree", signer.pk)
    draft = AnswerDraft.kept_of(signer)
    known = request.session.get(NAMES, {}).get(key_of(signer), {})
    initial = (draft.answers if draft else {}) | known | {"shown": found["shown"], "version": draft.version if draft else 0}
    form = SignForm(clauses(signer.request.shown), for_another=stands_for_another(signer), initial=initial)
    return _shown(request, signer, form, draft=draft)


def _shown(request: HttpRequest, signer: Signer, form: SignForm, status: int = 200, **more: Any) -> HttpResponse:
    found = about(request, signer)
    for part in found["parts"]:
        part["field"] = form[field_of(part["clause"])] if part["clause"].answer else None
    found |= {"form": form, "intent": intent(), "asks": bool(form.asked), **more}
    return render(request, "consent/paper_sign.html", found, status=status)


def _given(request: HttpRequest, form: SignForm) -> actions.Given:
    """What was given, with how this person showed who they are; raises Refused where nothing is known of that (ES-5)."""
    method = proof(request)
    if not method:
        raise Refused("ES-5", _("How you signed in is not known any more."), _("Sign out, sign in again, and come back to this paper."))
    said = form.cleaned_data
    return actions.Given(
        name=said["name"],
        shown=said["shown"],
        voluntary=said["voluntary"],
        method=method,
        relationship=said.get("relationship", ""),
        drawing=said["drawing"],
        address=truncated(address_of(request)),
        answers=form.answers(),
    )


def truncated(address: str | None) -> str:
    """An address without its last octet, or its last 80 bits: where from, and not which device."""
    if not address:
        return ""
    known = ip_address(address)
    return str(ip_network((known, _KEPT_BITS[known.version]), strict=False).network_address)


# --- answers, kept for later --------------------------------------------------------------------------------------------


def _keep(request: HttpRequest, signer: Signer) -> HttpResponse:
    """Keep the answers and go; without JavaScript, this is how they are saved."""
    whole = clauses(signer.request.shown)
    form = AnswersForm(whole, request.POST, kept=True)
    sent = SignForm(whole, request.POST, for_another=stands_for_another(signer))
    if not form.is_valid():
        return _shown(request, signer, sent, status=422)
    try:
        actions.keep_answers(signer, form.typed(), by=me(request), version=_version(request))
    except actions.Overtaken as other:
        again = SignForm(whole, _renewed(request, other.draft.version), for_another=stands_for_another(signer))
        return _shown(request, signer, again, status=409, elsewhere=_both(form, other.draft), draft=other.draft)
    messages.success(request, _("Your answers are kept. Nothing is sent until you sign."))
    return redirect("paper_list")


@require_POST
@changes(access.own_signers)
@as_the_paper
def answers_save(request: HttpRequest, signer: Signer) -> HttpResponse:
    """What the page saves by itself: JSON with the time and the new version, 409 with both answers, 422 with the reason."""
    form = AnswersForm(clauses(signer.request.shown), request.POST, kept=True)
    if hasattr(signer, "signature"):
        return JsonResponse({"errors": {"": [_("This paper is signed already.")]}}, status=422)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    try:
        draft = actions.keep_answers(signer, form.typed(), by=me(request), version=_version(request))
    except actions.Overtaken as other:
        found = {"elsewhere": _both(form, other.draft), "draft": other.draft}
        return render(request, "consent/_answers_elsewhere.html", found, status=409)
    return JsonResponse({"saved": f"{timezone.localtime(draft.saved_at):%H:%M}", "fields": {"version": str(draft.version)}})


def _version(request: HttpRequest) -> int:
    sent = request.POST.get("version", "")
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 10 else 0


def _renewed(request: HttpRequest, version: int) -> Any:
    data = request.POST.copy()
    data["version"] = str(version)
    return data


def _both(form: AnswersForm, draft: AnswerDraft) -> list[dict[str, str]]:
    """The questions answered differently here and elsewhere: heading, mine, theirs."""
    mine = form.typed()
    pairs = [(clause, field_of(clause)) for clause in form.asked]
    return [
        {"heading": clause.title, "mine": form.words_of(clause, mine.get(name)), "theirs": form.words_of(clause, draft.answers.get(name))}
        for clause, name in pairs
        if mine.get(name) != draft.answers.get(name)
    ]


# --- afterwards ---------------------------------------------------------------------------------------------------------


@reads(access.own_signers)
@as_the_paper
def paper_done(request: HttpRequest, signer: Signer) -> HttpResponse:
    """Signed: the copy at once, and what comes next."""
    found = about(request, signer)
    if found["signature"] is None:
        return redirect("paper_read", signer.pk)
    waiting = access.signable(request.user).exclude(pk=signer.pk).filter(representative=signer.representative_id, person=signer.person_id)
    found["next"] = waiting.order_by("request__asked_at", "pk").defer("request__shown").first()
    return render(request, "consent/paper_done.html", found)


@exports(access.own_signatures)
def paper_copy(request: HttpRequest, signature: Signature) -> HttpResponse:
    """The signed paper as PDF, as often and as long as somebody wants it (ES-7, ES-8)."""
    return _pdf(signature.paper.pdf, "signed-paper.pdf")

"""What clients ask of the practice: one page a request, with its clocks, its answer and what follows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from audit import clock
from audit.doors import changes, exports, reads
from clients.access import contact_changeable_clients, contact_points, readable_clients
from clients.models import Client
from clients.views import again, me, under_kept
from disclosures import access, actions, rights
from disclosures.forms.rights import AnswerForm, DoneForm, ElsewhereForm, ReasonsForm, ReplyForm, ReviewForm, WishForm
from disclosures.letters import rights_answer, rights_longer
from disclosures.models import AccountingRequest, RightsReply, RightsRequest
from practice import pdf
from practice.access import staffed_practice
from practice.refusals import Refused
from supervision import serving

from .requests import download

Kind = RightsRequest.Kind


@changes(contact_changeable_clients)
@under_kept(contact_changeable_clients)
def rights_new(request: HttpRequest, client: Client) -> HttpResponse:
    """Somebody asks something of the practice by their rights: who, how you know, and what exactly."""
    initial = {"received_on": clock.today(), "whom": AccountingRequest.Whom.CLIENT}
    form, refusal = WishForm(request.POST if request.method == "POST" else None, initial=initial), None
    if form.is_valid():
        try:
            row = actions.receive(client, form.wish(), practice=staffed_practice(request.user).get(), by=me(request))
            messages.success(request, f"Written down. Due {row.due_on:%-d %b %Y}.")
            return redirect("rights_detail", row.pk) if _reads(request, row) else redirect("client_contacts", client.pk)
        except Refused as refused:
            refusal = refused
    team = readable_clients(request.user).filter(pk=client.pk).exists()
    return again(request, "disclosures/rights_new.html", {"client": client, "form": form, "refusal": refusal, "team": team})


def _reads(request: HttpRequest, row: RightsRequest) -> bool:
    return access.kept_rights(request.user).filter(pk=row.pk).exists()


@reads(access.kept_rights)
def rights_detail(request: HttpRequest, row: RightsRequest) -> HttpResponse:
    """One request: what is asked, by when, what was answered and why."""
    return _detail(request, row)


def _detail(request: HttpRequest, row: RightsRequest, refusal: Refused | None = None, **forms: Form) -> HttpResponse:
    by, practice = me(request), staffed_practice(request.user).get()
    replies = list(access.replies(by, row))
    unsaid = actions.unsaid(row, replies)
    context: dict[str, Any] = {
        "row": row, "complaint": row.kind == Kind.COMPLAINT, "clocks": actions.clocks_of(row, practice), "refusal": refusal,
        "ground": rights.grounds(row.kind).get(row.ground), "looked_again": access.review_of(by, row),
        "replies": replies, "withdrawn": any(each.kind == RightsReply.Kind.WITHDRAWN for each in replies), "unsaid": unsaid,
        "may": access.open_rights(by).filter(pk=row.pk).exists(), "today": clock.today(),
        "reviews": access.reviewable_rights(by).filter(pk=row.pk).exists(), "extend": ReasonsForm(prefix="extend"), "done": DoneForm(),
        "answer": _answer_form(row), "review": ReviewForm(prefix="review"), "reply": ReplyForm(unsaid, prefix="reply"),
    }  # fmt: skip
    return again(request, "disclosures/rights_detail.html", context | serving.around(by, "right", row.pk) | forms)


def _done(request: HttpRequest, row: RightsRequest, act: Callable[[], object], said: str, **forms: Form) -> HttpResponse:
    try:
        act()
    except Refused as refused:
        return _detail(request, row, refused, **forms)
    messages.success(request, said)
    return redirect("rights_detail", row.pk)


def _answer_form(row: RightsRequest, data: Any = None) -> AnswerForm:
    if row.kind == Kind.CONTACT:
        return ElsewhereForm(row, contact_points([row.client_id]), data)
    return AnswerForm(row, data)


@changes(access.open_rights)
def rights_extend(request: HttpRequest, row: RightsRequest) -> HttpResponse:
    """Take more time, once, with a letter that says why."""
    form, practice = ReasonsForm(request.POST or None, prefix="extend"), staffed_practice(request.user).get()
    if not form.is_valid():
        return _detail(request, row, extend=form)
    act = partial(actions.extend_rights, row, form.cleaned_data["reasons"], practice=practice, by=me(request))
    return _done(request, row, act, "Extended. Send the letter.", extend=form)


@changes(access.open_rights)
def rights_answer_give(request: HttpRequest, row: RightsRequest) -> HttpResponse:
    """Grant it, or deny it on a ground of the list."""
    form = _answer_form(row, request.POST or None)
    if not form.is_valid():
        return _detail(request, row, answer=form)
    return _done(request, row, lambda: actions.decide(row, form.said(), by=me(request)), "Answered. Send the letter.", answer=form)


@changes(access.reviewable_rights)
def rights_review(request: HttpRequest, row: RightsRequest) -> HttpResponse:
    """Another licensed professional looks again (RG-4)."""
    form = ReviewForm(request.POST or None, prefix="review")
    if not form.is_valid():
        return _detail(request, row, review=form)
    return _done(request, row, lambda: actions.review(row, by=me(request), **form.cleaned_data), "Reviewed. Tell them.", review=form)


@changes(access.kept_rights)
def rights_reply(request: HttpRequest, row: RightsRequest) -> HttpResponse:
    """Write down what the person said later: a wish for a review, a statement of disagreement, that they withdraw it."""
    form = ReplyForm(actions.unsaid(row, list(access.replies(me(request), row))), request.POST or None, prefix="reply")
    if not form.is_valid():
        return _detail(request, row, reply=form)
    said = form.cleaned_data
    return _done(request, row, lambda: actions.reply(row, said["kind"], said["words"], by=me(request)), "Written down.", reply=form)


@changes(access.open_rights)
def rights_close(request: HttpRequest, row: RightsRequest) -> HttpResponse:
    """All is done: from here on it never changes."""
    form = DoneForm(request.POST or None)
    if not form.is_valid():
        return _detail(request, row, done=form)
    return _done(request, row, lambda: actions.close_rights(row, form.cleaned_data["done"], by=me(request)), "Closed.", done=form)


@exports(access.answered_rights)
def rights_letter(request: HttpRequest, row: RightsRequest) -> HttpResponse:
    """The letter with the answer, and with what the person may do about it."""
    return download(pdf.press("accounting", rights_answer(row, staffed_practice(request.user).get())), "letter.pdf")


@exports(access.extended_rights)
def rights_longer_letter(request: HttpRequest, row: RightsRequest) -> HttpResponse:
    """The letter that it takes longer."""
    return download(pdf.press("accounting", rights_longer(row, staffed_practice(request.user).get())), "letter.pdf")

"""Papers in the portal: the list, and reading one clause by clause, with questions pinned to clauses."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.doors import changes, lists
from clients.calling import called
from clients.portal import Waiting
from clients.views import me
from consent import access, actions, law
from consent.changes import Changed
from consent.changes import changes as changes_of
from consent.clauses import clauses
from consent.evidence import intent
from consent.forms.reading import QuestionForm, SettleForm
from consent.languages import as_the_paper
from consent.models import Form, Signer
from consent.states import EXPIRING
from practice.access import portal_practice
from practice.models import Practice, User
from practice.refusals import Refused

from .standing import ANSWERED, TO_SIGN, group_of, is_open, standing_of, stands_for_another, with_questions

NAMES = "signed_as"  # in the session: the names typed so far, by whom they stand for


# --- the list -----------------------------------------------------------------------------------------------------------


@lists(access.own_signers, within=portal_practice)
def paper_list(request: HttpRequest, practice: Practice, signers: QuerySet[Signer]) -> HttpResponse:
    """Everything this person was asked to sign: their own papers, and apart those of each person they stand for."""
    rows = rows_of(signers)
    rows.sort(key=lambda row: (stands_for_another(row["signer"]), str(row["signer"].person_id) * stands_for_another(row["signer"])))
    people = [_of_person([*found]) for _, found in groupby(rows, key=_whose)]
    return render(request, "consent/paper_list.html", {"people": people, "ending": any(row["state"] is EXPIRING for row in rows)})


def rows_of(signers: QuerySet[Signer]) -> list[dict[str, Any]]:
    """Each paper as a row of a list: ``signer``, ``state``, and ``open`` where it can be signed now. No text is opened."""
    found = [(signer, standing_of(signer)) for signer in access.standing(signers).defer("request__shown")]
    return [{"signer": signer, "state": state, "open": state in (TO_SIGN, ANSWERED)} for signer, state in found]


def papers_waiting(user: User) -> list[dict[str, Any]]:
    """For the portal's first page: what waits to be read and signed, the oldest first."""
    rows = rows_of(access.signable(user).order_by("request__asked_at", "pk")[:20])
    return [row | {"for": called(row["signer"].person) if stands_for_another(row["signer"]) else ""} for row in rows]


PAPERS = Waiting(_("To read and sign"), "consent/_paper_row.html", papers_waiting)


def _whose(row: dict[str, Any]) -> Any:
    return row["signer"].person_id if stands_for_another(row["signer"]) else None


def _of_person(rows: list[dict[str, Any]]) -> dict[str, Any]:
    first = rows[0]["signer"]
    found: dict[str, Any] = {"key": first.pk, "for": called(first.person) if stands_for_another(first) else ""}
    return found | {group: [row for row in rows if group_of(row["state"]) == group] for group in ("waiting", "active", "ended")}


# --- one paper ----------------------------------------------------------------------------------------------------------


@changes(access.own_signers)
@as_the_paper
def paper_read(request: HttpRequest, signer: Signer) -> HttpResponse:
    """One paper to read. POST opens it (which is noted), asks about a clause, settles a question, or goes on to sign."""
    if request.method != "POST":
        return _page(request, signer)
    act = {"ask": _ask, "settle": _settle, "open": _open}.get(request.POST.get("act", ""), _go_on)
    return act(request, signer)


def _open(request: HttpRequest, signer: Signer) -> HttpResponse:
    _note_opening(request, signer)
    return redirect("paper_read", signer.pk)


def _note_opening(request: HttpRequest, signer: Signer) -> None:
    actions.present(signer, by=me(request))
    if signer.request.wording.form.kind == Form.Kind.NOTICE:
        actions.deliver_notice(signer.request.wording, [signer.client_id], by=me(request))


def _go_on(request: HttpRequest, signer: Signer) -> HttpResponse:
    _note_opening(request, signer)
    return redirect("paper_sign" if has_agreed(request, signer) else "paper_agree", signer.pk)


def has_agreed(request: HttpRequest, signer: Signer) -> bool:
    """Whether this person agreed to sign on screen what concerns the paper's client, by the six points of today (ES-2, ES-4)."""
    return access.own_agreements(request.user).filter(client=signer.client_id, edition=law.edition()).exists()


def _ask(request: HttpRequest, signer: Signer) -> HttpResponse:
    form = QuestionForm(request.POST)
    if not form.is_valid():
        return _page(request, signer, asking=form)
    _note_opening(request, signer)
    said = form.cleaned_data
    try:
        actions.ask_question(signer, said["anchor"], said["text"], by=me(request), ident=said["ident"])
    except Refused as refusal:
        return _page(request, signer, asking=form, refusal=refusal)
    messages.success(request, gettext("Your question is with the practice. You can sign when it is answered."))
    return redirect(f"{reverse('paper_read', args=[signer.pk])}#clause-{said['anchor']}")


def _settle(request: HttpRequest, signer: Signer) -> HttpResponse:
    form = SettleForm(request.POST)
    question = get_object_or_404(signer.questions, pk=form.cleaned_data["question"] if form.is_valid() else None)
    actions.settle(question, by=me(request))
    return redirect(f"{reverse('paper_read', args=[signer.pk])}#clause-{question.anchor}")


def _page(request: HttpRequest, signer: Signer, asking: QuestionForm | None = None, refusal: Refused | None = None) -> HttpResponse:
    found = about(request, signer)
    found |= {
        "refusal": refusal,
        "asking": asking,
        "quick": _quick(request, signer, found),
        "changes": _changes(request, signer),
        "intent": intent(),
    }
    for part in found["parts"]:
        part["form"] = _asking(part["clause"].anchor, asking)
    return render(request, "consent/paper_read.html", found, status=422 if asking else 200)


def _asking(anchor: str, sent: QuestionForm | None) -> QuestionForm:
    """The form under one clause; the one that was sent keeps what was typed. Each has ids of its own."""
    if sent is not None and sent.data.get("anchor") == anchor:
        sent.auto_id = f"id_{anchor}_%s"
        return sent
    return QuestionForm(initial={"anchor": anchor, "ident": uuid4()}, auto_id=f"id_{anchor}_%s")


def about(request: HttpRequest, signer: Signer) -> dict[str, Any]:
    """What every page about one paper knows: its clauses with the signer's own questions, where it stands, and what one may do."""
    row = access.standing(access.own_signers(request.user)).get(pk=signer.pk)
    parts = clauses(row.request.shown)
    questions = [*row.questions.prefetch_related("answers__by")]
    return {
        "signer": row,
        "paper": row.request,
        "state": standing_of(row),
        "parts": with_questions(parts, questions),
        "for": called(row.person) if stands_for_another(row) else "",
        "shown": bytes(row.request.shown_hash).hex(),
        "may_sign": not row.signed and is_open(row.request),  # type: ignore[attr-defined]  # annotated
        "may_withdraw": row.signed and row.request.active_from is not None and not row.request.ended_as,  # type: ignore[attr-defined]  # annotated
        "signature": getattr(row, "signature", None),
    }


def _quick(request: HttpRequest, signer: Signer, found: dict[str, Any]) -> dict[str, str] | None:
    """The name to sign with at one press: typed in this session, agreed to sign on screen, and nothing left to answer."""
    asks = any(part["clause"].answer for part in found["parts"])
    if not found["may_sign"] or asks or found["signer"].asks or not was_opened(signer) or not has_agreed(request, signer):
        return None
    known: dict[str, str] | None = request.session.get(NAMES, {}).get(key_of(signer))
    return known


def key_of(signer: Signer) -> str:
    """Under what a typed name is remembered: for oneself, or for whom one stands."""
    return str(signer.representative_id or signer.person_id)


def was_opened(signer: Signer) -> bool:
    """Whether it is noted that the paper was open before ``signer`` (IC-21)."""
    return signer.request.steps.filter(signer=signer, what="questions_offered").exists()


def _changes(request: HttpRequest, signer: Signer) -> list[Changed]:
    """What changed since the paper that this one takes the place of, where this person was asked to sign that one themselves."""
    if not signer.request.replaces_id:
        return []
    former = access.own_requests(request.user).filter(pk=signer.request.replaces_id).first()
    return changes_of(former.shown, signer.request.shown) if former else []

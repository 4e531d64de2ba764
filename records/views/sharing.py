"""A draft before it is signed: its author asks for a look, the supervisor reads what was shared and answers (SU-6)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit.doors import changes, reads
from clients.views import me
from practice.refusals import Refused
from records import access, actions
from records.forms import DraftCommentForm, ShareForm
from records.kinds import read_parts
from records.models import DraftShare, Note

from .frame import inside
from .parts import named_parts
from .reading import written_parts


def about_sharing(request: HttpRequest, note: Note) -> dict[str, Any]:
    """What the author of a draft is told of its being shown: to whom it can be, the last time it was, and what was asked."""
    shares = access.own_shares(request.user, note).defer("content")
    return {
        "looker": actions.looker_for(note), "share": shares.filter(until=None).first(),
        "comments": list(access.draft_comments(request.user, note.pk)),
    }  # fmt: skip


@changes(access.shareable_drafts)
def draft_share(request: HttpRequest, note: Note) -> HttpResponse:
    """Shows what is about to be shared with whom; POST shares exactly that version, or takes back what was shared."""
    refusal, (parts, words) = None, named_parts(request, note) if note.unit_id else (written_parts(note), [])
    form = ShareForm(request.POST if request.method == "POST" else None, words=words)
    if form.is_bound:
        try:
            return _shared(request, note, form)
        except Refused as refused:
            refusal = refused
    found = inside(note.client) | about_sharing(request, note) | {"note": note, "parts": parts, "form": form, "refusal": refusal}
    return render(request, "records/draft_share.html", found, status=422 if refusal else 200)


def _shared(request: HttpRequest, note: Note, form: ShareForm) -> HttpResponse:
    if request.POST.get("then") == "back":
        actions.take_back(note, by=me(request))
        messages.success(request, "Taken back. The draft is yours alone again.")
        return redirect("note_edit", note.pk)
    shown = {"version": form.cleaned_data["version"], "cleared": form.ticked()} if form.is_valid() else {"version": 0}
    actions.share_draft(note, by=me(request), **shown)
    messages.success(request, "Shared. It stands on your supervisor's home until they answer.")
    return redirect("home")


@reads(access.shared_drafts)
def draft_look(request: HttpRequest, share: DraftShare) -> HttpResponse:
    """A draft as it was shared, with what changed since one last looked, and what one asked of it."""
    return render(request, "records/draft_look.html", _looked(request, share))


@changes(access.shared_drafts)
def draft_edits(request: HttpRequest, share: DraftShare) -> HttpResponse:
    """Ask the author for edits, or say that there is nothing to add; the draft itself stays theirs to change."""
    if request.method == "POST" and request.POST.get("then") == "pass":
        actions.pass_draft(share, by=me(request))
        messages.success(request, "Your supervisee is told that you have nothing to add.")
        return redirect("home")
    form = DraftCommentForm(request.POST if request.method == "POST" else None, initial={"ident": uuid4()})
    refusal = None
    if form.is_valid():
        try:
            actions.comment_draft(share, form.cleaned_data["comment"], by=me(request), ident=form.cleaned_data["ident"])
            messages.success(request, "Sent back to its author.")
            return redirect("home")
        except Refused as refused:
            refusal = refused
    found = _looked(request, share) | {"form": form, "refusal": refusal}
    return render(request, "records/draft_edits.html", found, status=422 if form.is_bound else 200)


def _looked(request: HttpRequest, share: DraftShare) -> dict[str, Any]:
    before, looked = access.looked_at(request.user, share)
    later = access.shared_drafts(request.user).filter(note=share.note_id, shared_at__gt=share.shared_at).order_by("-shared_at")
    queue = access.drafts_to_look_at(request.user).exclude(note=share.note_id).values_list("pk", flat=True)
    parts = _compared(share.as_note(), before.as_note() if before else None)
    return inside(share.client) | {
        "share": share, "parts": parts, "looked": looked, "changed": sum(part["changed"] for part in parts),
        "later": later.values_list("pk", flat=True).first(), "next": queue.first(),
        "comments": list(access.draft_comments(request.user, share.note_id)),
    }  # fmt: skip


def _compared(note: Note, before: Note | None) -> list[dict[str, Any]]:
    """The parts of ``note``: heading, text, what it said ``before``, and whether that differs. Parts of another format are not lost."""
    then = before.content if before else note.content
    parts = {part.key: part for part in (*(read_parts(before) if before else ()), *read_parts(note))}.values()
    rows = [{"heading": part.heading, "text": note.content.get(part.key, ""), "before": then.get(part.key, "")} for part in parts]
    return [row | {"changed": row["text"] != row["before"]} for row in rows]

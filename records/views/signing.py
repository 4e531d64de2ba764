"""Signing a note, which locks it, and adding to it afterwards."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit.doors import changes
from clients.views import me
from practice.refusals import Refused
from records import access, actions
from records.forms import AddendumForm, SignForm
from records.models import Note

from .frame import inside
from .parts import about_parts, marked, named_parts, named_words
from .reading import hung_on, readers, written_parts


@changes(access.signable_notes)
def note_sign(request: HttpRequest, note: Note) -> HttpResponse:
    """Shows exactly what is signed, with its fingerprint in the form; POST signs and locks, if the text is still that one."""
    refusal, (parts, words) = None, named_parts(request, note)
    form = SignForm(request.POST if request.method == "POST" else None, words=words)
    if form.is_bound:
        try:
            actions.sign_note(note, by=me(request), **_shown(form))
            messages.success(request, "Signed and locked. Corrections are made as addenda.")
            return redirect("note_detail", note.pk)
        except Refused as refused:
            refusal = refused
    return render(request, "records/note_sign.html", inside(note.client) | about_parts(request, note) | {
        "note": note, "parts": parts, "form": form, "shown": actions.shown_hash(note).hex(),
        "people": readers(note), "refusal": refusal, "documents": hung_on(note),
    }, status=422 if refusal else 200)  # fmt: skip


def _shown(form: SignForm) -> dict[str, Any]:
    """The fingerprint that the page held, and the ticks; anything else fits no text and is refused as one that changed."""
    if not form.is_valid():
        return {"shown": ""}
    return {"shown": str(form.cleaned_data["shown"]), "cleared": form.ticked()}


@changes(access.amendable_notes)
def addendum_new(request: HttpRequest, note: Note) -> HttpResponse:
    """Add to a signed note, or correct it: the addendum is signed as it is saved, and the note stays as it is (REC-5)."""
    form, named = _addendum(request, note)
    refusal, by = None, me(request)
    if form.is_valid():
        try:
            text, ident = form.cleaned_data["text"], form.cleaned_data["ident"]
            actions.add_addendum(note, text, by=by, ident=ident, cleared=form.ticked())
            messages.success(request, "Addendum signed.")
            return redirect("note_detail", note.pk)
        except Refused as refused:
            refusal = refused
    return render(request, "records/addendum_new.html", inside(note.client) | {
        "note": note, "parts": written_parts(note), "people": readers(note), "form": form, "refusal": refusal,
        "named": named if refusal else [], "asked": access.edit_requests(by, note),
        "copies": note.copies.exists() and actions.goes_into_records(note, by), "unsearched": about_parts(request, note)["unsearched"],
    }, status=422 if form.is_bound else 200)  # fmt: skip


def _addendum(request: HttpRequest, note: Note) -> tuple[AddendumForm, list[tuple[str, bool]]]:
    """The form, and its text with the words marked that look like another member's name; each has a tick of its own (IC-34)."""
    form = AddendumForm(request.POST or None, initial={"ident": uuid4()})
    text = form.cleaned_data["text"] if form.is_valid() else ""
    places = actions.names_in(note, [text], by=me(request))[0] if text else []
    return (AddendumForm(request.POST, words=named_words(places)), marked(text, places)) if places else (form, [])

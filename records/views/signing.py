"""Signing a note, which locks it, and adding to it afterwards."""

from __future__ import annotations

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
from .reading import hung_on, readers, written_parts


@changes(access.signable_notes)
def note_sign(request: HttpRequest, note: Note) -> HttpResponse:
    """Shows exactly what is signed, with its fingerprint in the form; POST signs and locks, if the text is still that one."""
    refusal = None
    if request.method == "POST":
        try:
            actions.sign_note(note, by=me(request), shown=_shown(request))
            messages.success(request, "Signed and locked. Corrections are made as addenda.")
            return redirect("note_detail", note.pk)
        except Refused as refused:
            refusal = refused
    return render(request, "records/note_sign.html", inside(note.client) | {
        "note": note, "parts": written_parts(note), "shown": actions.shown_hash(note).hex(),
        "people": readers(note), "refusal": refusal, "documents": hung_on(note),
    }, status=422 if refusal else 200)  # fmt: skip


def _shown(request: HttpRequest) -> str:
    """The fingerprint that the page held; anything else fits no text and is refused as one that changed."""
    form = SignForm(request.POST)
    return str(form.cleaned_data["shown"]) if form.is_valid() else ""


@changes(access.amendable_notes)
def addendum_new(request: HttpRequest, note: Note) -> HttpResponse:
    """Add to a signed note, or correct it: the addendum is signed as it is saved, and the note stays as it is (REC-5)."""
    form = AddendumForm(request.POST or None, initial={"ident": uuid4()})
    refusal = None
    if form.is_valid():
        try:
            actions.add_addendum(note, form.cleaned_data["text"], by=me(request), ident=form.cleaned_data["ident"])
            messages.success(request, "Addendum signed.")
            return redirect("note_detail", note.pk)
        except Refused as refused:
            refusal = refused
    return render(request, "records/addendum_new.html", inside(note.client) | {
        "note": note, "parts": written_parts(note), "people": readers(note), "form": form, "refusal": refusal,
        "asked": access.edit_requests(request.user, note),
    }, status=422 if form.is_bound else 200)  # fmt: skip

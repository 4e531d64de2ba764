"""Co-signature: the supervisor's queue, reading and co-signing, and asking the author for edits (SU-6)."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit.doors import changes, lists
from clients.views import me
from practice.models import Practice
from practice.refusals import Refused
from records import access, actions
from records.forms import EditRequestForm, SignForm
from records.models import Note

from .attention import waiting
from .frame import inside
from .reading import about_cosigning, addenda_of, as_read

SHOWN = 100  # rows of the queue; what is due first stands first


@lists(access.cosign_queue, within=access.supervising_practice)
def cosign_queue(request: HttpRequest, practice: Practice, notes: QuerySet[Note]) -> HttpResponse:
    """What waits for one's own co-signature, and what one has sent back to its author."""
    rows = waiting(notes, "note_cosign", "Read and co-sign", SHOWN)
    found = {"rows": rows, "returned": waiting(access.sent_back(request.user), "note_cosign", "Open", SHOWN), "shown": SHOWN}
    return render(request, "records/cosign_queue.html", found)


@changes(access.cosignable_notes)
def note_cosign(request: HttpRequest, note: Note) -> HttpResponse:
    """Shows the note with what came since one last looked, and its fingerprint in the form; POST co-signs exactly that."""
    refusal = None
    if request.method == "POST":
        try:
            form = SignForm(request.POST)
            actions.cosign(note, by=me(request), shown=str(form.cleaned_data["shown"]) if form.is_valid() else "")
            messages.success(request, "Co-signed.")
            return redirect("cosign_queue")
        except Refused as refused:
            refusal = refused
    return render(request, "records/note_cosign.html", _shown(request, note) | {"refusal": refusal}, status=422 if refusal else 200)


def _shown(request: HttpRequest, note: Note) -> dict[str, Any]:
    found, looked = as_read(note), access.last_look(request.user, note)
    for addendum in found["addenda"]:
        addendum["new"] = looked is not None and addendum["row"].signed_at > looked
    return inside(note.client) | found | about_cosigning(request, note) | {
        "looked": looked, "new": sum(addendum["new"] for addendum in found["addenda"]), "next": _next(request, note),
        "shown": actions.cosign_hash(note, addenda_of(note)).hex(),
    }  # fmt: skip


def _next(request: HttpRequest, note: Note) -> UUID | None:
    """The note of the queue that stands after ``note``; after the last one the first."""
    queue = list(access.cosign_queue(request.user).values_list("pk", flat=True)[:SHOWN])
    after = queue[queue.index(note.pk) + 1 :] if note.pk in queue else []
    return next((pk for pk in [*after, *queue] if pk != note.pk), None)


@changes(access.cosignable_notes)
def edits_request(request: HttpRequest, note: Note) -> HttpResponse:
    """Send a note back to its author with a comment; the note itself stays as it is."""
    form = EditRequestForm(request.POST if request.method == "POST" else None, initial={"ident": uuid4()})
    refusal = None
    if form.is_valid():
        try:
            actions.request_edits(note, form.cleaned_data["comment"], by=me(request), ident=form.cleaned_data["ident"])
            messages.success(request, "Sent back to its author.")
            return redirect("cosign_queue")
        except Refused as refused:
            refusal = refused
    found = inside(note.client) | as_read(note) | {"form": form, "refusal": refusal}
    return render(request, "records/edits_request.html", found, status=422 if form.is_bound else 200)

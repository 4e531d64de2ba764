"""Notes: begin, write, read. Signing and addenda are next door."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from audit.doors import changes, reads
from clients.access import care_team, counseled_clients
from clients.models import Client
from clients.views import me
from practice.refusals import Refused
from records import access, actions
from records.forms import BeginForm, NoteForm
from records.kinds import parts_of
from records.models import Kind, Note, Session

from .frame import inside

CHOICE_OF_SESSIONS = 50


def written_parts(note: Note) -> list[dict[str, Any]]:
    """The parts of ``note`` as it is read: heading and text, in the order they are written."""
    return [{"heading": part.heading, "text": note.content.get(part.key, "")} for part in parts_of(note.kind)]


def readers(note: Note) -> list[dict[str, Any]]:
    """Who can read ``note`` (a draft: once signed), from the door's own querysets: name, role and until when."""
    may = {person.pk for person in access.readers_of(note)}
    grants = {grant.user_id: grant for grant in care_team(note.client) if grant.user_id in may}
    return [{"name": grant.user.name, "role": grant.role_word, "until": grant.until} for grant in grants.values()]


# --- begin --------------------------------------------------------------------------------------------------------------


@changes(counseled_clients)
def note_new(request: HttpRequest, client: Client) -> HttpResponse:
    """Begin a note: its kind, and the session it is about. Sent twice, it is one note; a draft that is open is gone on with."""
    initial = {"ident": uuid4(), "kind": Kind.PROGRESS, "session": request.GET.get("session", "")}
    form = BeginForm(request.POST or None, initial=initial, sessions=_own_sessions(request, client))
    refusal = None
    if form.is_valid():
        try:
            note = _begun(request, client, form)
            return redirect("note_detail" if note.is_signed else "note_edit", note.pk)
        except Refused as refused:
            refusal = refused
    status = 422 if form.is_bound else 200
    return render(request, "records/note_new.html", inside(client) | {"form": form, "refusal": refusal}, status=status)


def _own_sessions(request: HttpRequest, client: Client) -> QuerySet[Session]:
    return access.changeable_sessions(request.user).filter(client=client).defer("place")[:CHOICE_OF_SESSIONS]


def _begun(request: HttpRequest, client: Client, form: BeginForm) -> Note:
    session = form.chosen_session()
    if session and form.cleaned_data["attended"] and session.outcome == Session.Outcome.PLANNED:
        actions.record_outcome(session, Session.Outcome.ATTENDED, by=me(request))
    about: dict[str, Any] = {"by": me(request), "kind": form.cleaned_data["kind"], "session": session}
    return actions.open_draft(client, **about) or actions.begin_note(client, ident=form.cleaned_data["ident"], **about)


# --- write --------------------------------------------------------------------------------------------------------------


@changes(access.editable_notes)
def note_edit(request: HttpRequest, note: Note) -> HttpResponse:
    """Write a draft. Without JavaScript the buttons save; "Sign & lock" saves and shows what is about to be signed."""
    if request.method != "POST":
        return _editor(request, note, NoteForm(note))
    form = NoteForm(note, request.POST)
    if not form.is_valid():
        return _editor(request, note, form, status=422)
    try:
        actions.save_note(note, form.content(), by=me(request), version=form.cleaned_data["version"], key=form.cleaned_data["key"])
    except Refused as refusal:
        return _editor(request, note, form, status=422, refusal=refusal)
    except actions.Conflict as conflict:
        mine = NoteForm(note, form.renewed(note.version))
        return _editor(request, note, mine, status=409, conflict=both_texts(conflict))
    return redirect("note_sign" if request.POST.get("then") == "sign" else "note_edit", note.pk)


def _editor(request: HttpRequest, note: Note, form: NoteForm, status: int = 200, **more: Any) -> HttpResponse:
    last = access.readable_notes(request.user).filter(client=note.client_id, signed_at__isnull=False).exclude(kind=Kind.PSYCHOTHERAPY)
    return render(request, "records/note_edit.html", inside(note.client) | {
        "note": note, "form": form, "people": readers(note), "saved": note.version > 1,
        "last": last.defer("content", "session__place").order_by("-signed_at").first(), **more,
    }, status=status)  # fmt: skip


def both_texts(conflict: actions.Conflict) -> list[dict[str, str]]:
    """The parts in which the two texts differ: heading, what was typed here, what was saved elsewhere."""
    kept = conflict.note.content
    pairs = [(part.heading, conflict.mine[part.key], kept.get(part.key, "")) for part in parts_of(conflict.note.kind)]
    return [{"heading": heading, "mine": mine, "theirs": theirs} for heading, mine, theirs in pairs if mine != theirs]


@require_POST
@changes(access.editable_notes)
def note_save(request: HttpRequest, note: Note) -> HttpResponse:
    """What the page saves by itself: JSON with the time and the new version, 409 with both texts, 422 with the reason."""
    form = NoteForm(note, request.POST)
    key = _key_of(request)
    if not form.is_valid() or key is None:
        return JsonResponse({"errors": form.errors}, status=422)
    try:
        actions.save_note(note, form.content(), by=me(request), version=form.cleaned_data["version"], key=key)
    except Refused as refusal:
        return JsonResponse({"errors": {"": [refusal.words]}, "rule": refusal.rule}, status=422)
    except actions.Conflict as conflict:
        return render(request, "records/_note_conflict.html", {"note": note, "conflict": both_texts(conflict)}, status=409)
    return JsonResponse({"saved": f"{timezone.localtime(note.saved_at):%H:%M}", "fields": {"version": str(note.version)}})


def _key_of(request: HttpRequest) -> UUID | None:
    """The key of this save: the header names it where the page saves by itself, the form where it is sent as it is."""
    try:
        return UUID(request.headers.get("Idempotency-Key") or request.POST.get("key", ""))
    except ValueError:
        return None


# --- read ---------------------------------------------------------------------------------------------------------------


@reads(access.readable_notes)
def note_detail(request: HttpRequest, note: Note) -> HttpResponse:
    """A note as it is read: its text, who signed it when, and its addenda. htmx gets the text alone, for the editor's side."""
    addenda = list(note.addenda.select_related("author", "note").order_by("signed_at", "pk"))
    found = {
        "note": note, "parts": written_parts(note), "mine": note.author_id == request.user.pk,
        "addenda": [{"row": row, "holds": actions.addendum_holds(row)} for row in addenda],
        "holds": note.is_signed and actions.signature_holds(note),
    }  # fmt: skip
    if request.headers.get("HX-Request"):
        return render(request, "records/_note_text.html", found)
    return render(request, "records/note_detail.html", inside(note.client) | found)

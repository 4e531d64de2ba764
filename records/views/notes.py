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
from clients.access import counseled_clients, readable_clients, whole_of
from clients.models import Client
from clients.views import me, rows_of, under_kept
from practice.refusals import Refused
from records import access, actions
from records.forms import BeginForm, NoteForm
from records.kinds import KEPT, WORKED_ON, read_parts
from records.models import Kind, Note, Session

from .frame import inside
from .parts import about_parts
from .reading import about_cosigning, as_read, hung_on, readers
from .sharing import about_sharing
from .snippets import filled

CHOICE_OF_SESSIONS = 50


# --- begin --------------------------------------------------------------------------------------------------------------


@changes(counseled_clients)
@under_kept(counseled_clients)
def note_new(request: HttpRequest, client: Client) -> HttpResponse:
    """Begin a note: its kind, and the session it is about. Sent twice, it is one note; a draft that is open is gone on with."""
    initial = {"ident": uuid4(), "kind": Kind.PROGRESS, "session": request.GET.get("session", "")}
    form = BeginForm(request.POST or None, initial=initial, sessions=_own_sessions(request, client), rules=actions.rules())
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
    rows = rows_of(request, client, counseled_clients)
    return access.notable_sessions(request.user).filter(client__in=rows).defer("place")[:CHOICE_OF_SESSIONS]


def _begun(request: HttpRequest, client: Client, form: BeginForm) -> Note:
    session = form.chosen_session()
    if session and form.cleaned_data["attended"] and session.outcome == Session.Outcome.PLANNED:
        actions.record_outcome(session, Session.Outcome.ATTENDED, by=me(request))
    about: dict[str, Any] = {"by": me(request), "kind": form.cleaned_data["kind"], "session": session}
    client = session.client if session else client  # a session of a row that is shown here keeps its notes
    begun = actions.open_draft(client, **about)
    return begun or actions.begin_note(client, ident=form.cleaned_data["ident"], form=form.cleaned_data["format"], **about)


# --- write --------------------------------------------------------------------------------------------------------------


@changes(access.editable_notes)
def note_edit(request: HttpRequest, note: Note) -> HttpResponse:
    """Write a draft. Without JavaScript the buttons save; "Sign & lock" saves and shows what is about to be signed."""
    if request.method != "POST":
        return _editor(request, note, _form(request, note))
    form = _form(request, note, request.POST)
    if not form.is_valid():
        return _editor(request, note, form, status=422)
    try:
        _save(request, note, form, form.cleaned_data["key"])
    except Refused as refusal:
        return _editor(request, note, form, status=422, refusal=refusal)
    except actions.Conflict as conflict:
        mine = _form(request, note, form.renewed(note.version))
        return _editor(request, note, mine, status=409, conflict=both_texts(conflict))
    then = {"sign": "note_sign", "format": "note_format", "share": "draft_share", "document": "note_document_new"}
    return redirect(then.get(request.POST.get("then", ""), "note_edit"), note.pk)


def _form(request: HttpRequest, note: Note, data: Any = None, goals: bool = True) -> NoteForm:
    """``goals``: whether the page shows goals, if there are any."""
    nameable = access.nameable_goals(request.user, note.client) if goals and note.kind == Kind.PROGRESS else []
    return NoteForm(note, data, goals=nameable)


def _save(request: HttpRequest, note: Note, form: NoteForm, key: UUID) -> None:
    """Save what ``form`` holds; raises Refused and Conflict."""
    actions.save_note(note, form.content(), by=me(request), version=form.cleaned_data["version"], key=key, goals=form.goals())


def _editor(request: HttpRequest, note: Note, form: NoteForm, status: int = 200, **more: Any) -> HttpResponse:
    rows = whole_of(note.client, readable_clients, request.user)
    last = access.readable_notes(request.user).filter(client__in=rows, signed_at__isnull=False).exclude(kind=Kind.PSYCHOTHERAPY)
    return render(request, "records/note_edit.html", inside(note.client) | about_parts(request, note) | about_sharing(request, note) | {
        "note": note, "form": form, "people": readers(note), "saved": note.version > 1, "snippets": filled(request, note),
        "documents": hung_on(note),
        "last": last.defer("content", "session__place").order_by("-signed_at").first(), **more,
    }, status=status)  # fmt: skip


def both_texts(conflict: actions.Conflict) -> list[dict[str, str]]:
    """The parts in which the two texts differ: heading, what was typed here, what was saved elsewhere."""
    kept = conflict.note.content
    parts = {part.key: part for part in (*read_parts(conflict.note), KEPT, WORKED_ON)}.values()
    pairs = [(part.heading, conflict.mine.get(part.key, ""), kept.get(part.key, "")) for part in parts]
    return [{"heading": heading, "mine": mine, "theirs": theirs} for heading, mine, theirs in pairs if mine != theirs]


@require_POST
@changes(access.editable_notes)
def note_save(request: HttpRequest, note: Note) -> HttpResponse:
    """What the page saves by itself: JSON with the time and the new version, 409 with both texts, 422 with the reason."""
    form = _form(request, note, request.POST, goals="goals_shown" in request.POST)
    key = _key_of(request)
    if not form.is_valid() or key is None:
        return JsonResponse({"errors": form.errors}, status=422)
    try:
        _save(request, note, form, key)
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
    found = as_read(note) | {"mine": note.author_id == request.user.pk, "amends": note.copied_from_id is None}
    if request.headers.get("HX-Request"):
        return render(request, "records/_note_text.html", found)
    return render(request, "records/note_detail.html", inside(note.client) | found | about_cosigning(request, note))

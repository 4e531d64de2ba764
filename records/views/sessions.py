"""Sessions: the list with its notes, one session, planning and changing it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from audit.doors import changes, lists, reads
from clients import header
from clients.access import agreement_in_force, counseled_clients, readable_clients
from clients.models import Client
from clients.views import me, rows_of, under_kept
from practice.refusals import Refused
from records import access, actions
from records.forms import OutcomeForm, SessionForm, WithoutForm, fresh_session, stored_session
from records.models import Kind, Note, Session, Setting

from .frame import inside
from .parts import is_empty, parts_of

PAGE = 25
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_MICROSECOND = datetime.timedelta(microseconds=1)


# --- the list -----------------------------------------------------------------------------------------------------------


@dataclass
class Entry:
    """One line of the list: a session with its notes, or a note that belongs to no session."""

    when: datetime.datetime
    pk: UUID
    session: Session | None
    notes: list[Note]

    @property
    def key(self) -> tuple[datetime.datetime, UUID]:
        """What the list is sorted and paged by."""
        return (self.when, self.pk)


@lists(access.readable_sessions, within=readable_clients)
@under_kept(readable_clients)
def session_list(request: HttpRequest, client: Client, sessions: QuerySet[Session]) -> HttpResponse:
    """Sessions of the client, newest first, each with the notes that the reader may open, and notes without a session."""
    before = _cursor(request.GET.get("before", ""))
    rows = rows_of(request, client, readable_clients)
    notes = access.stated(access.readable_notes(request.user)).filter(client__in=rows).defer("content", "session__place")
    entries = _entries(sessions.filter(client__in=rows).defer("place"), notes, before)
    older = _as_cursor(entries[PAGE - 1]) if len(entries) > PAGE else ""
    found = {"client": client, "head": header.of(request, client, "session_list")}
    return render(request, "records/session_list.html", found | {
        "entries": entries[:PAGE], "older": older, "later_page": before is not None,
        "counsels": counseled_clients(request.user).filter(pk=client.pk).exists(),
    })  # fmt: skip


def _entries(sessions: QuerySet[Session], notes: QuerySet[Note], before: tuple[datetime.datetime, UUID] | None) -> list[Entry]:
    """One more than a page of both, merged; the notes of the sessions come in one query."""
    met = list(_older(sessions, "starts_at", before)[: PAGE + 1])
    loose = list(_older(notes.filter(session=None), "created_at", before)[: PAGE + 1])
    entries = [Entry(row.starts_at, row.pk, row, []) for row in met] + [Entry(note.created_at, note.pk, None, [note]) for note in loose]
    entries = sorted(entries, key=lambda entry: entry.key, reverse=True)[: PAGE + 1]
    by_session = {entry.pk: entry.notes for entry in entries if entry.session}
    for note in notes.filter(session__in=by_session).order_by("created_at", "pk"):
        by_session[note.session_id].append(note)  # type: ignore[index]  # filtered by these very ids
    return entries


def _older(rows: QuerySet[Any], name: str, before: tuple[datetime.datetime, UUID] | None) -> QuerySet[Any]:
    if before:
        when, pk = before
        rows = rows.filter(Q(**{f"{name}__lt": when}) | Q(**{name: when, "pk__lt": pk}))
    return rows.order_by(f"-{name}", "-pk")


def _as_cursor(entry: Entry) -> str:
    return f"{(entry.when - _EPOCH) // _MICROSECOND}.{entry.pk}"


def _cursor(text: str) -> tuple[datetime.datetime, UUID] | None:
    """Where a page begins; anything that is no cursor begins at the newest."""
    micros, _, ident = text.partition(".")
    try:
        return _EPOCH + int(micros[:20]) * _MICROSECOND, UUID(ident)
    except (ValueError, OverflowError):
        return None


# --- one session --------------------------------------------------------------------------------------------------------


@reads(access.readable_sessions)
def session_detail(request: HttpRequest, session: Session) -> HttpResponse:
    """When, how, where, who, whether it took place, and the notes about it."""
    notes = access.stated(access.readable_notes(request.user)).filter(session=session).defer("content", "session__place")
    mine = access.changeable_sessions(request.user).filter(pk=session.pk).exists()
    return render(request, "records/session_detail.html", inside(session.client) | _with_others(request, session) | {
        "session": session, "notes": notes.order_by("created_at", "pk"), "mine": mine, "final": mine and actions.is_signed_for(session),
        "outcomes": Session.Outcome.choices, "missing": _missing(session) if mine else None,
        "writes": access.notable_sessions(request.user).filter(pk=session.pk).exists(),
    })  # fmt: skip


def _missing(session: Session) -> Refused | None:
    """What this session lacks to take place as things stand now: also what was withdrawn since it was planned."""
    if session.outcome not in (Session.Outcome.PLANNED, Session.Outcome.ATTENDED):
        return None
    try:
        actions.require_consent(session)
    except Refused as unmet:
        return unmet
    return None


def _with_others(request: HttpRequest, session: Session) -> dict[str, Any]:
    """Of a unit's session its parts and who came; of a person's row the way to it, for those who may open it. No name of others there."""
    if session.within_id:
        return {"whole": access.unit_session(request.user, session)}
    if session.setting == Setting.INDIVIDUAL:
        return {}
    return {
        "participants": access.participants(request.user, session), "unit_parts": parts_of(request, session),
        "unagreed": agreement_in_force(request.user, session.client) is None,
        "nobody_there": is_empty(request, session, access.beyond_reach(request.user, session)),
    }  # fmt: skip


@changes(counseled_clients)
@under_kept(counseled_clients)
def session_new(request: HttpRequest, client: Client) -> HttpResponse:
    """Plan a session, or log one that took place; the second button goes on to its progress note."""
    members = access.possible_participants(request.user, client) if client.is_unit else ()
    form = SessionForm(request.POST or None, initial=fresh_session(members), members=members)
    if not form.is_valid():
        return _session_form(request, "records/session_new.html", client, form)
    try:
        session = _planned(request, client, form)
        if request.POST.get("then") == "note":
            # An id of the session's own: sent twice, it is one note.
            note = actions.begin_note(client, by=me(request), kind=Kind.PROGRESS, session=session, ident=uuid5(session.pk, "progress"))
            return redirect("note_detail" if note.is_signed else "note_edit", note.pk)
    except Refused as refusal:
        return _session_form(request, "records/session_new.html", client, form, refusal)
    return redirect("session_detail", session.pk)


def _planned(request: HttpRequest, client: Client, form: SessionForm) -> Session:
    session = actions.plan_session(client, by=me(request), ident=form.cleaned_data["ident"], **form.facts())
    if form.cleaned_data["outcome"] != session.outcome:
        actions.record_outcome(session, form.cleaned_data["outcome"], by=me(request))
    return session


@changes(access.changeable_sessions)
def session_edit(request: HttpRequest, session: Session) -> HttpResponse:
    """Change a session's time, way, place, outcome and participants; refused once a note of it is signed."""
    client = session.client
    members = access.possible_participants(request.user, client) if client.is_unit else ()
    initial = stored_session(session, access.participants(request.user, session))
    form = SessionForm(request.POST or None, initial=initial, members=members)
    if not form.is_valid():
        return _session_form(request, "records/session_edit.html", client, form, session=session)
    try:
        actions.change_session(session, by=me(request), **form.facts())
    except Refused as refusal:
        return _session_form(request, "records/session_edit.html", client, form, refusal, session=session)
    return redirect("session_detail", session.pk)


def _session_form(
    request: HttpRequest, template: str, client: Client, form: SessionForm, refusal: Refused | None = None, **more: Any
) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, template, inside(client) | {"form": form, "refusal": refusal, **more}, status=status)


@require_POST
@changes(access.changeable_sessions)
def session_outcome(request: HttpRequest, session: Session) -> HttpResponse:
    """Record whether the session took place, from its page or from the queue at home."""
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        refusal = Refused("", "Choose whether the session took place, from the session's page.")
        return render(request, "refused.html", {"refusal": refusal}, status=422)
    actions.record_outcome(session, form.cleaned_data["outcome"], by=me(request))
    return redirect("home") if form.cleaned_data["back"] == "home" else redirect("session_detail", session.pk)


@changes(access.changeable_sessions)
def session_without(request: HttpRequest, session: Session) -> HttpResponse:
    """Hold a session though a consent is missing, with the reason; somebody else reviews it (IC-23)."""
    form, refusal = WithoutForm(request.POST or None), None
    if form.is_valid():
        try:
            actions.hold_without(session, by=me(request), reason=form.cleaned_data["reason"])
            return redirect("session_detail", session.pk)
        except Refused as refused:
            refusal = refused
    found = {"form": form, "refusal": refusal, "session": session, "missing": _missing(session)}
    return render(request, "records/session_without.html", inside(session.client) | found, status=422 if form.is_bound else 200)

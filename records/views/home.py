"""Home: what needs attention, and nothing else."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import uuid4

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from audit import clock
from audit.doors import lists
from practice.access import own_account
from practice.models import User
from practice.roles import Role
from records import access
from records.models import Note, Session

from .cosigning import waiting

ESCALATES_AFTER = 7  # days without a signature (REC-5)
SHOWN = 50  # rows of each queue; the oldest stand first


@lists(access.unnoted_sessions, within=own_account)
def home(request: HttpRequest, person: User, sessions: QuerySet[Session]) -> HttpResponse:
    """Staff see sessions without a note, drafts, edits asked of them and what they co-sign; clients go to the portal."""
    if not person.is_staff_member:
        return _portal(request, person)
    unnoted = [_row(session, session.ends_at) for session in sessions.defer("place")[:SHOWN]]
    drafts = access.unsigned_drafts(person).defer("content", "session__place")[:SHOWN]
    unsigned = [_row(draft, draft.session.ends_at if draft.session else draft.created_at) for draft in drafts]
    queues = {"unnoted": unnoted, "unsigned": unsigned, "returned": waiting(access.returned_notes(person))}
    queues["cosigning"] = waiting(access.cosign_queue(person)) if person.holds(Role.SUPERVISOR) else []
    return render(request, "records/home.html", queues | {"shown": SHOWN, "any": any(queues.values())})


def _portal(request: HttpRequest, person: User) -> HttpResponse:
    try:
        return HttpResponseRedirect(reverse("portal_home"))
    except NoReverseMatch:
        return render(request, "records/home.html", {"unnoted": [], "unsigned": []})


def _row(thing: Session | Note, since: datetime.datetime) -> dict[str, Any]:
    """One row of a queue, with how long it waits in days; ``ident`` is the id of the note that its button begins."""
    days = (clock.now() - since).days
    return {"thing": thing, "client": thing.client, "days": days, "late": days >= ESCALATES_AFTER, "ident": uuid4()}

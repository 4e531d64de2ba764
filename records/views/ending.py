"""Discharge: what happens is said before, loose ends are listed, and nothing of the record is closed by it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from audit.doors import changes
from clients import header
from clients.access import counseled_clients, in_portal
from clients.forms.status import DischargeForm
from clients.models import Client
from clients.models.steps import ENDED
from clients.views import me, rows_of, under_kept
from practice.refusals import Refused
from records import access, actions
from records.models import Session

LISTED = 50  # of each kind; whoever has more loose ends with one client has other work to do first


def _said(session: Session) -> str:
    start = timezone.localtime(session.starts_at)
    return f"{start:%-d %b %Y, %H:%M}, {session.get_modality_display()}"


def _loose_ends(request: HttpRequest, client: Client) -> dict[str, Any]:
    """What is planned, and what is unfinished, of the client with the asker; and how many sessions others have planned."""
    person, rows = me(request), rows_of(request, client, counseled_clients)
    coming = access.coming_sessions(person).filter(client__in=rows)
    mine = [session for session in coming[:LISTED] if session.counselor_id == person.pk]
    drafts = access.unsigned_drafts(person).filter(client__in=rows).defer("content", "session__place")[:LISTED]
    unnoted = access.unnoted_sessions(person).filter(client__in=rows).defer("place")[:LISTED]
    return {"coming": mine, "others": len(coming[:LISTED]) - len(mine), "drafts": list(drafts), "unnoted": list(unnoted)}


@changes(counseled_clients)
@under_kept(counseled_clients)
def client_discharge(request: HttpRequest, client: Client) -> HttpResponse:
    """The client's counselor ends the work, with a day and a reason; it can be taken back by reopening."""
    ends = _loose_ends(request, client)
    offered = [(str(session.pk), _said(session)) for session in ends["coming"]]
    unfinished = bool(ends["drafts"] or ends["unnoted"])
    form = DischargeForm(request.POST if request.method == "POST" else None, client=client, coming=offered, unfinished=unfinished)
    if not form.is_valid() or client.status in ENDED:
        refusal = (
            Refused("", f"This client is {client.get_status_display()} already.", "Reopen them first.") if client.status in ENDED else None
        )
        return _page(request, client, form, ends, refusal)
    cancelled = [session for session in ends["coming"] if str(session.pk) in form.cancelled]
    actions.discharge(client, by=me(request), on=form.cleaned_data["on"], reason=form.reason, cancel=cancelled)
    messages.success(request, "Discharged. To undo it, reopen the client.")
    return redirect("client_detail", client.pk)


def _page(request: HttpRequest, client: Client, form: DischargeForm, ends: dict[str, Any], refusal: Refused | None) -> HttpResponse:
    found = {"head": header.of(request, client), "client": client, "form": form, "refusal": refusal, **ends}
    status = 422 if form.is_bound else 200
    return render(request, "records/client_discharge.html", found | {"portal": in_portal(client).exists()}, status=status)

"""What did not leave the house, and reaching somebody in danger."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit.doors import changes, shown
from clients import header
from clients.access import contact_clients, contact_points
from clients.models import Client
from clients.reaching import GROUNDS
from clients.views import again, me
from messaging import access, actions
from messaging.forms.notices import DangerForm, FindingsForm
from messaging.models import Outgoing, Override
from practice.factors import reauthenticated
from practice.refusals import Refused


@changes(access.unnoted)
def notice_note(request: HttpRequest, row: Outgoing) -> HttpResponse:
    """Why something did not leave, and that one sees to it."""
    if request.method == "POST":
        actions.note(row, by=me(request))
        messages.success(request, "Noted.")
        return redirect("home")
    head = header.of(request, row.client, "client_contacts")
    return render(request, "messaging/notice_note.html", {"head": head, "row": row, "why": GROUNDS[row.ground]})


@reauthenticated
@changes(access.endangered_clients)
def danger_send(request: HttpRequest, client: Client) -> HttpResponse:
    """Reach somebody in danger by any way, with a reason; it is reviewed (CM-7)."""
    form, refusal = DangerForm(request.POST if request.method == "POST" else None), None
    if form.is_valid():
        found = form.cleaned_data
        try:
            actions.send_in_danger(client, found["channel"], found["address"], found["text"], reason=found["reason"], by=me(request))
            messages.success(request, "It goes out now. The privacy officer reviews it.")
            return redirect("client_contacts", pk=client.pk) if _sees_contacts(request, client) else redirect("client_codes")
        except Refused as refused:
            refusal = refused
    points = contact_points([client.pk]) if _sees_contacts(request, client) else []
    context = {"head": header.of(request, client, "client_contacts"), "form": form, "refusal": refusal, "points": points}
    return again(request, "messaging/danger_send.html", context)


def _sees_contacts(request: HttpRequest, client: Client) -> bool:
    return contact_clients(request.user).filter(pk=client.pk).exists()


@changes(access.overrides_to_review)
def danger_review(request: HttpRequest, row: Override) -> HttpResponse:
    """What was sent to somebody in danger, why, and what one found (CM-7)."""
    shown([row.client_id])
    form, refusal = FindingsForm(request.POST if request.method == "POST" else None), None
    if form.is_valid():
        try:
            actions.review_override(row, form.cleaned_data["findings"], by=me(request))
            messages.success(request, "Reviewed. What you found is final.")
            return redirect("home")
        except Refused as refused:
            refusal = refused
    return again(request, "messaging/danger_review.html", {"row": row, "form": form, "refusal": refusal})

"""Being away: one's own days, and who covers."""

from __future__ import annotations

from django.contrib import messages as said
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit.doors import changes, reads, shown
from clients.views import again, me
from messaging import access, actions
from messaging.forms.threads import AwayForm
from messaging.models import Away
from practice.models import Practice
from practice.refusals import Refused


@changes(access.absent_practice)
def away_list(request: HttpRequest, practice: Practice) -> HttpResponse:
    """When one is away and who answers messages meanwhile; and another such time."""
    form = AwayForm(request.POST if request.method == "POST" else None, people=access.covering_colleagues(request.user))
    found = {"form": form, "rows": access.own_absences(request.user)}
    if not form.is_valid():
        return again(request, "messaging/away_list.html", found)
    try:
        actions.be_away(form.cleaned_data["first"], form.cleaned_data["last"], form.cleaned_data["cover"], by=me(request))
    except Refused as refusal:
        return again(request, "messaging/away_list.html", found | {"refusal": refusal})
    said.success(request, "Saved. Clients are told before they write.")
    return redirect("away_list")


@changes(access.own_absences)
def away_end(request: HttpRequest, away: Away) -> HttpResponse:
    """One is back, or does not go."""
    if request.method == "POST":
        actions.be_back(away, by=me(request))
        said.success(request, "Ended.")
    return redirect("away_list")


@reads(access.covers_without_access)
def away_uncovered(request: HttpRequest, away: Away) -> HttpResponse:
    """Whose messages wait while their counselor is away and the one who covers may not open them: by code, for an admin to give access."""
    clients = list(access.uncovered_clients(request.user, away))
    shown(clients)
    return render(request, "messaging/away_uncovered.html", {"away": away, "clients": clients})

"""The portal: a client reports what concerns them."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from audit.doors import changes, lists
from clients.access import portal_clients
from clients.models import Client
from clients.views import again, me
from consent.languages import spoken
from practice.access import portal_practice
from practice.models import Practice
from practice.refusals import Refused

from . import access, actions
from .forms.incidents import PortalReportForm
from .models import ClientLetter

THANKS = "Thank you. The practice's privacy officers have it now, and will come back to you."


@changes(portal_practice)
def portal_report(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Something went wrong with what is kept about oneself: say so, in three answers."""
    records = list(portal_clients(request.user))
    form, refusal = PortalReportForm(request.POST if request.method == "POST" else None, records=records), None
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("what", "noticed_at", "going_on")}
        try:
            actions.report_own(form.about_whom, by=me(request), **given)
            messages.success(request, THANKS)
            return redirect("portal_home")
        except Refused as refused:
            refusal = refused
    return again(request, "breaches/portal_report.html", {"form": form, "refusal": refusal})


@lists(access.own_letters, within=portal_clients)
def portal_letters(request: HttpRequest, client: Client, letters: QuerySet[ClientLetter]) -> HttpResponse:
    """Letters about something that went wrong with what is kept about this client."""
    rows = list(letters.filter(client=client))
    with spoken(rows[0].language if rows else "en"):  # whoever reads the letter reads the page around it
        response = render(request, "breaches/portal_letters.html", {"client": client, "letters": rows})
        response.headers["Content-Language"] = str(get_language())
    return response

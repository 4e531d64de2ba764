"""Where the client stands: the plain steps, the archive and coming back. Discharge is with the record, whose loose ends it lists."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse

from audit.doors import changes
from clients import access, actions, header
from clients.forms.status import ArchiveForm, EnquiryCloseForm, EnquiryReopenForm, ReopenForm, StatusForm
from clients.models import Client
from clients.models.steps import ENDED
from practice.refusals import Refused

from . import again, me, under_kept
from .person import home_of

ARCHIVED = Client.Status.ARCHIVED


def _page(request: HttpRequest, name: str, client: Client, form: Form, refusal: Refused | None = None, **more: Any) -> HttpResponse:
    found = {"head": header.of(request, client), "client": client, "form": form, "refusal": refusal}
    found |= {"ended": client.status in ENDED, "portal": access.in_portal(client).exists()}
    found |= {"steps": access.enquiry_steps(request.user).filter(client=client.pk)}
    return again(request, f"clients/{name}.html", found | more)


def _keeps(request: HttpRequest, client: Client) -> list[Refused]:
    """What keeps a discharged client's record open, to be said before anything is sent."""
    return actions.keeps_open(client, me(request)) if client.status == Client.Status.DISCHARGED else []


def _step(request: HttpRequest, name: str, client: Client, form: Form, to: str, said: str, **about: Any) -> HttpResponse:
    try:
        actions.change_status(client, to, by=me(request), **about)
    except Refused as refusal:
        return _page(request, name, client, form, refusal)
    messages.success(request, said)
    return home_of(request, client)


@changes(access.contact_changeable_clients)
@under_kept(access.contact_changeable_clients)
def client_status(request: HttpRequest, client: Client) -> HttpResponse:
    """Enquiry, intake, active. What ends the work, and what begins it again, has pages of its own and asks for a reason."""
    form = StatusForm(request.POST if request.method == "POST" else None, client=client)
    if not form.is_valid():
        return _page(request, "client_status", client, form)
    return _step(request, "client_status", client, form, form.cleaned_data["status"], "Saved.")


@changes(access.counseled_clients)
@under_kept(access.counseled_clients)
def client_archive(request: HttpRequest, client: Client) -> HttpResponse:
    """Put a discharged client's record away: out of lists, queues and the plain search. Nobody loses access by it."""
    form = ArchiveForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, "client_archive", client, form, keeps=_keeps(request, client))
    return _step(request, "client_archive", client, form, ARCHIVED, "Archived.", reason=form.cleaned_data["reason"])


@changes(access.counseled_clients)
@under_kept(access.counseled_clients)
def client_reopen(request: HttpRequest, client: Client) -> HttpResponse:
    """Take a discharged or archived client back."""
    form = ReopenForm(request.POST if request.method == "POST" else None, initial={"status": Client.Status.ACTIVE}, client=client)
    ended = client.status in ENDED
    if not ended or not form.is_valid():
        refusal = None if ended else Refused("", "This client was not discharged.", "Change the status instead.")
        return _page(request, "client_reopen", client, form, refusal)
    chosen = form.cleaned_data
    return _step(request, "client_reopen", client, form, chosen["status"], "Reopened.", reason=chosen["reason"])


@changes(access.open_enquiries)
def enquiry_close(request: HttpRequest, client: Client) -> HttpResponse:
    """The front desk puts away an enquiry that came to nothing."""
    form = EnquiryCloseForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, "enquiry_close", client, form)
    actions.close_enquiry(client, by=me(request), reason=form.reason)
    messages.success(request, "The enquiry is closed. If they come back, open it again.")
    return home_of(request, client)


@changes(access.closed_enquiries)
def enquiry_reopen(request: HttpRequest, client: Client) -> HttpResponse:
    """The front desk takes a closed enquiry back."""
    form = EnquiryReopenForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, "enquiry_reopen", client, form)
    actions.reopen_enquiry(client, by=me(request), reason=form.cleaned_data["reason"])
    messages.success(request, "The enquiry is open again.")
    return home_of(request, client)

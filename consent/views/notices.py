"""Recording that the notice of privacy practices reached a client, or what was tried (NPP-1, NPP-2, NPP-3)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit import clock
from audit.doors import changes
from clients import header
from clients.access import contact_changeable_clients
from clients.models import Client
from clients.views import me, under_kept
from consent import access, actions
from consent.forms.sending import NoticeForm
from consent.models import Form, NoticeDelivery
from practice.refusals import Refused


@changes(contact_changeable_clients)
@under_kept(contact_changeable_clients)
def notice_record(request: HttpRequest, client: Client) -> HttpResponse:
    """How the notice in force reached the client; or the effort, or the emergency."""
    version = access.versions_in_force().filter(form__kind=Form.Kind.NOTICE).order_by("language").first()
    initial = {"status": NoticeDelivery.Status.DELIVERED, "method": NoticeDelivery.Method.PAPER, "day": clock.today()}
    form, refusal = NoticeForm(request.POST or None, initial=initial), None
    if form.is_valid() and version is not None:
        said = form.cleaned_data
        try:
            delivery = actions.Delivery(said["status"], said["method"], said["effort"], said["reason"], said["day"])
            actions.record_notice(client, version, delivery, by=me(request))
            messages.success(request, "Recorded.")
            return redirect("consent_list", client.pk)
        except Refused as refused:
            refusal = refused
    found = {"client": client, "head": header.of(request, client, "consent_list"), "form": form, "refusal": refusal, "version": version}
    return render(request, "consent/notice_record.html", found, status=422 if form.is_bound else 200)

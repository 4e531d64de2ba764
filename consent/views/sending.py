"""Sending papers to a client: the packet of their kind is ticked, and those who can sign are proposed."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit.doors import changes
from clients import header
from clients.access import care_team, contact_changeable_clients
from clients.models import Client, Codename
from clients.views import me
from consent import access, actions
from consent.actions.asking import Sending
from consent.forms.sending import SendForm
from consent.models import Form, Request, Version
from consent.signers import possible
from practice.models import User
from practice.refusals import Refused

_RELEASES = (Form.Kind.RELEASE, Form.Kind.PSYCHOTHERAPY, Form.Kind.PART2)  # each names its own recipient: a page of its own


@changes(contact_changeable_clients)
def consent_send(request: HttpRequest, client: Client) -> HttpResponse:
    """Ask the client to read and sign: one form, one batch."""
    people = possible(client)
    versions = [each for each in access.versions_in_force() if each.form.kind not in _RELEASES]
    initial = {
        "papers": _ticked(request, client, versions), "signers": [each.key for each in people if each.proposed], "rule": Request.Rule.ALL,
    }  # fmt: skip
    form, refusal = SendForm(versions, people, request.POST or None, initial=initial), None
    if form.is_valid():
        try:
            return _sent(request, client, form)
        except Refused as refused:
            refusal = refused
    found: dict[str, Any] = {"client": client, "head": header.of(request, client, "consent_list"), "form": form, "refusal": refusal}
    found |= {"versions": versions, "people": people}
    return render(request, "consent/consent_send.html", found, status=422 if form.is_bound else 200)


def _sent(request: HttpRequest, client: Client, form: SendForm) -> HttpResponse:
    said, by = form.cleaned_data, me(request)
    sending = Sending(batch=uuid4(), reply_by=said["reply_by"], interpreter=said["interpreter"])
    for version in form.versions():
        actions.ask(client, version, by=by, counselor=_counselor(client, by), signers=form.named(), rule=said["rule"], sending=sending)
    messages.success(request, "Sent. It waits in the portal; you can also have it signed here.")
    return redirect("consent_list", client.pk)


def _counselor(client: Client, by: User) -> User:
    """Whose name the paper bears: the sender's where they counsel the client, else the client's counselor's."""
    counselors = [grant.user for grant in care_team(client) if grant.permission.codename in (Codename.COUNSEL, Codename.COVER)]
    return by if by in counselors or not counselors else counselors[0]


def _ticked(request: HttpRequest, client: Client, versions: list[Version]) -> list[str]:
    """What is proposed: the kind that a refused session asked for; else what the packet holds and nobody was asked yet."""
    wanted = request.GET.get("kind", "")
    if wanted in Form.Kind.values:
        return [str(each.pk) for each in versions if each.form.kind == wanted and each.language == "en"][:1]
    return [str(each.pk) for each in access.unasked(client, versions) if each.language == "en"]

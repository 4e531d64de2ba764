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
from clients.views import me, under_kept
from consent import access, actions, law
from consent.actions.asking import Sending
from consent.forms.sending import AskingForm, SendForm
from consent.languages import reads
from consent.mandates import Mandate
from consent.models import Form, Request, Version
from consent.particulars import Particulars
from consent.reach import reach_of
from consent.signers import name_of, possible
from practice.models import User
from practice.refusals import Refused


@changes(contact_changeable_clients)
@under_kept(contact_changeable_clients)
def consent_send(request: HttpRequest, client: Client) -> HttpResponse:
    """Ask the client to read and sign: one form, one batch. Who has no account is invited with it, and their words are shown once."""
    people = possible(client)
    reach = reach_of(people, request.user)
    versions = [each for each in access.versions_in_force() if not law.is_release(each.form.kind)]
    initial = {
        "papers": _ticked(request, client, versions), "signers": [each.key for each in people if each.proposed], "rule": Request.Rule.ALL,
        "ident": uuid4(),
    }  # fmt: skip
    form, refusal = SendForm(versions, people, reach, request.POST if request.method == "POST" else None, initial=initial), None
    if form.is_valid():
        try:
            return sent(request, client, form, form.versions(), mandate=form.mandate())
        except Refused as refused:
            refusal = refused
    found: dict[str, Any] = {"client": client, "head": header.of(request, client, "consent_list"), "form": form, "refusal": refusal}
    found |= {"versions": versions, "people": people, "accounts": [each for each in reach if each.account]}
    return render(request, "consent/consent_send.html", found, status=422 if form.is_bound else 200)


def sent(
    request: HttpRequest,
    client: Client,
    form: AskingForm,
    versions: list[Version],
    named: Particulars | None = None,
    replaces: Request | None = None,
    mandate: Mandate | None = None,
) -> HttpResponse:
    """Send ``versions`` to whom the form names, once for each batch; who is invited with it has their words shown. Raises Refused."""
    said, by = form.cleaned_data, me(request)
    if access.sent_requests(request.user).filter(client=client, batch=said["ident"]).exists():  # pressed twice, or the page loaded again
        messages.info(request, "This is sent already. If the three words were not noted, make new ones under Contacts.")
        return redirect("consent_list", client.pk)
    sending = Sending(batch=said["ident"], reply_by=said["reply_by"], interpreter=said["interpreter"], replaces=replaces, mandate=mandate)
    done = actions.send(
        client, versions, by=by, counselor=counselor_of(client, by), signers=form.named(), rule=said["rule"], sending=sending,
        links=form.links(), named=named,
    )  # fmt: skip
    if done.handed:
        handed = [{"name": name_of(who.person, who.representative), "handed": each} for who, each in done.handed]
        found = {"client": client, "head": header.of(request, client, "consent_list"), "handed": handed, "told": len(done.told)}
        return render(request, "consent/consent_sent.html", found)
    messages.success(request, _told(done))
    return redirect("consent_list", client.pk)


def _told(done: actions.Sent) -> str:
    if done.told:
        return "Sent. They get a mail that says only that something waits; you can also have it signed here."
    return "Sent. Nobody could be written to: tell them yourself, or have it signed here."


def counselor_of(client: Client, by: User) -> User:
    """Whose name the paper bears: the sender's where they counsel the client, else the client's counselor's."""
    counselors = [grant.user for grant in care_team(client) if grant.permission.codename in (Codename.COUNSEL, Codename.COVER)]
    return by if by in counselors or not counselors else counselors[0]


def _ticked(request: HttpRequest, client: Client, versions: list[Version]) -> list[str]:
    """What is proposed: the kind that a refused session asked for; else what the packet holds and nobody was asked yet."""
    wanted = request.GET.get("kind", "")
    if wanted in Form.Kind.values:
        return [str(each.pk) for each in _legible(client, versions) if each.form.kind == wanted][:1]
    return [str(each.pk) for each in _legible(client, access.unasked(client, versions, me(request)))]


def _legible(client: Client, versions: list[Version]) -> list[Version]:
    """One wording of each form: in a language that the client reads, English before others."""
    known = sorted(versions, key=lambda each: (not reads(client, each.language), each.language != "en"))
    found = {each.form_id: each for each in reversed(known)}
    return [each for each in versions if found[each.form_id] == each]

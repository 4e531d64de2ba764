"""Releases of information: filling one in for a client and sending it to be signed, and marking the event with which one ends."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit.doors import changes
from clients import header
from clients.access import contact_changeable_clients
from clients.models import Client
from clients.views import again, me, under_kept
from consent import access, actions
from consent.actions.asking import words_of
from consent.clauses import clauses
from consent.forms.releases import EventForm, ReleaseForm, as_before
from consent.models import Request, Version
from consent.reach import reach_of
from consent.signers import possible
from practice.profile import profile
from practice.refusals import Refused

from .sending import counselor_of, sent


@changes(contact_changeable_clients)
@under_kept(contact_changeable_clients)
def release_new(request: HttpRequest, client: Client) -> HttpResponse:
    """Fill in a release for the client: the paper first, where there are several; then what it names, and who signs."""
    versions, people = access.releases_in_force(), possible(client, left=True)
    former = _former(request, client)
    version = _chosen(request, versions, former)
    found: dict[str, Any] = {"client": client, "head": header.of(request, client, "consent_list"), "versions": versions, "people": people}
    if version is None or not people:
        return render(request, "consent/release_new.html", found)
    reach = reach_of(people, request.user)
    form = ReleaseForm(version, people, reach, request.POST if request.method == "POST" else None, initial=_initial(people, former))
    found |= {"version": version, "form": form, "former": former, "accounts": [each for each in reach if each.account]}
    if not form.is_valid():
        return again(request, "consent/release_new.html", found)
    if request.POST.get("then") == "look":
        text = words_of(version, client, counselor_of(client, me(request)), form.particulars())
        return render(request, "consent/release_new.html", found | {"clauses": clauses(text)})
    try:
        replaces = former if former and former.client_id == client.pk and not former.ended_as else None
        return sent(request, client, form, [version], form.particulars(), replaces)
    except Refused as refusal:
        return again(request, "consent/release_new.html", found | {"refusal": refusal})


def _chosen(request: HttpRequest, versions: list[Version], former: Request | None) -> Version | None:
    """The paper that the address names; else that of the release asked anew, or the only one there is."""
    wanted = request.GET.get("paper", "")
    found = [each for each in versions if str(each.pk) == wanted]
    if not found and former:
        found = [each for each in versions if each.form_id == former.wording.form_id and each.language == former.wording.language]
    return found[0] if found else versions[0] if len(versions) == 1 else None


def _former(request: HttpRequest, client: Client) -> Request | None:
    """The release that is asked anew, where the address names one of this client."""
    try:
        ident = UUID(request.GET.get("again", ""))
    except ValueError:
        return None
    rows = access.same_person(client, request.user)
    return access.sent_requests(request.user).filter(pk=ident, client__in=rows, authorization__isnull=False).first()


def _initial(people: list[Any], former: Request | None) -> dict[str, Any]:
    proposed: dict[str, Any] = {"signers": [each.key for each in people if each.proposed], "rule": Request.Rule.ALL, "ident": uuid4()}
    proposed["from_party"] = profile().name
    return proposed | (as_before(former.authorization) if former else {})


@changes(access.eventful_requests)
def release_event(request: HttpRequest, paper: Request) -> HttpResponse:
    """The event happened with which a release ends: what it was, and from this moment nothing rests on it."""
    form, refusal = EventForm(request.POST if request.method == "POST" else None), None
    if form.is_valid():
        try:
            actions.end_by_event(paper, by=me(request), what=form.cleaned_data["what"])
            messages.success(request, "Ended. From this moment nothing is given on it.")
            return redirect("consent_detail", paper.pk)
        except Refused as refused:
            refusal = refused
    found = {"client": paper.client, "head": header.of(request, paper.client, "consent_list"), "paper": paper, "form": form}
    return again(request, "consent/release_event.html", found | {"refusal": refusal, "named": paper.authorization})

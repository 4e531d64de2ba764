"""Sending: handing over, a link, and the public page of whoever comes with one. Restrictions stand here as well."""

from __future__ import annotations

import hashlib

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from audit import clock
from audit.doors import changes, public
from clients.access import counseled_clients
from clients.models import Client
from clients.views import me, under_kept
from disclosures import access, actions
from disclosures.forms.releases import FetchForm, HandForm, LinkForm, RestrictForm
from disclosures.models import Release, Restriction, Sending
from practice import factors, throttle
from practice.refusals import Refused

from .accounting import page
from .releases import around
from .requests import download

# One sentence for wrong words, and for a link that never was, is used up, stopped or too old, and where a rule says no now.
NO_MATCH = "These words and this link do not go together, or the link no longer works. Ask whoever sent it."


@changes(access.open_releases)
@factors.reauthenticated
def release_send(request: HttpRequest, release: Release) -> HttpResponse:
    """Send exactly what was looked at: handed over, or by a link. Everything is asked once more. Asks for a fresh confirmation first."""
    way = request.POST.get("way", "")
    hand = HandForm(request.POST if way == Sending.Way.HANDED else None)
    link = LinkForm(request.POST if way == Sending.Way.LINK else None)
    refusal = None
    try:
        if hand.is_valid():
            actions.hand_over(release, hand.cleaned_data["how"], by=me(request))
            messages.success(request, "Sent, and in the accounting. Print it from here.")
            return redirect("release_detail", release.pk)
        if link.is_valid():
            linked = actions.send_link(release, by=me(request), **link.cleaned_data)
            return render(request, "disclosures/release_linked.html", {"release": release, "linked": linked, "client": release.client})
    except Refused as refused:
        refusal = refused
    return page(request, "release_send", release.client, hand=hand, link=link, refusal=refusal, **around(request, release))


@changes(access.stoppable)
def release_stop(request: HttpRequest, row: Sending) -> HttpResponse:
    """Nobody can fetch it any more."""
    if request.method != "POST":
        return page(request, "release_stop", row.client, row=row)
    actions.stop_link(row, by=me(request))
    messages.success(request, "Stopped. Nobody can fetch it any more.")
    return redirect("release_detail", row.release_id)


@sensitive_post_parameters()
@public("The link alone opens nothing and tells nothing; it needs the words that were told another way.")
def release_fetch(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask for the three words: the same page for every link there could be."""
    form = FetchForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        attempt = throttle.guess(request, hashlib.sha256(secret.encode()).hexdigest()[:32], "portal")
        content = actions.fetch(secret, form.cleaned_data["words"], allowed=attempt is not None)
        if attempt and content is not None:
            throttle.forgive(attempt)
            return download(content, "release.zip", "application/zip")
        form.add_error(None, NO_MATCH)
    return render(request, "disclosures/release_fetch.html", {"form": form}, status=422 if form.is_bound else 200)


# --- restrictions -------------------------------------------------------------------------------------------------------


@changes(counseled_clients)
@under_kept(counseled_clients)
def restriction_new(request: HttpRequest, client: Client) -> HttpResponse:
    """The practice agrees to withhold something from somebody: it binds every later release."""
    initial = {"agreed_on": clock.today()}
    form, refusal = RestrictForm(request.POST if request.method == "POST" else None, initial=initial), None
    if form.is_valid():
        try:
            actions.restrict(client, **form.cleaned_data, by=me(request))
            messages.success(request, "Agreed. Releases keep to it from now on.")
            return redirect("disclosure_list", client.pk)
        except Refused as refused:
            refusal = refused
    return page(request, "restriction_new", client, form=form, refusal=refusal)


@changes(access.endable_restrictions)
def restriction_end(request: HttpRequest, row: Restriction) -> HttpResponse:
    """It was agreed to end it."""
    if request.method != "POST":
        return page(request, "restriction_end", row.client, row=row)
    actions.end_restriction(row, by=me(request))
    messages.success(request, "Ended.")
    return redirect("disclosure_list", row.client_id)

"""Whom it concerns: looking in the trail, the list to confirm, adding and taking out by hand."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from audit import trail
from audit.doors import changes, shown
from breaches import access, actions
from breaches.forms.affected import HOMES, AddForm, DescribeForm, HomeForm, OutForm, SeekForm, place_of
from breaches.models import Affected, Incident
from breaches.reach import signins
from clients.access import governed_clients
from clients.history import words_of
from clients.paging import page_of
from clients.views import me
from practice.access import staff
from practice.refusals import Refused

from .incidents import done, page
from .steps import counts, steps_of

SIZE = 200
NAMES = dict(HOMES)
_ACTS = {"read": "opened", "glass": "opened in an emergency", "list": "listed", "export": "exported or sent", "change": "changed"}


def told(request: HttpRequest, incident: Incident, rows: list[Affected]) -> list[dict[str, Any]]:
    """``rows`` for a template: by code, with what was reached in words, where they live, and how they may be reached."""
    codes = dict(governed_clients(request.user).filter(pk__in=[row.client_id for row in rows]).values_list("pk", "code"))
    shown([row.client_id for row in rows], within=incident)
    found = [
        {
            "row": row,
            "code": codes.get(row.client_id, ""),
            "parts": [words_of(part) for part in row.parts],
            "acts": [_ACTS[act] for act in row.acts],
            "home": NAMES.get(f"{row.country}-{row.state}" if row.state else row.country, ""),
        }
        for row in rows
    ]
    return sorted(found, key=lambda each: str(each["code"]))


@changes(access.kept_incidents)
def incident_affected(request: HttpRequest, incident: Incident) -> HttpResponse:
    """The list, to confirm; and where those live of whom nobody said so."""
    rows, posted = access.with_reach(access.affected(incident), incident), request.POST if request.method == "POST" else None
    form = HomeForm(posted if posted and "home" in posted else None)
    if posted and incident.is_open and "confirm" in posted:
        return _confirm(request, incident, rows)
    if incident.is_open and form.is_valid():
        inside = rows.filter(removed_at=None, home_said=False)
        actions.say_home(incident, inside, *place_of(form.cleaned_data["home"]), by=me(request))
        return redirect("incident_affected", pk=incident.pk)
    some = page_of(rows, order=("-found_at", "-pk"), newer=request.GET.get("newer", ""), older=request.GET.get("older", ""), size=SIZE)
    context: dict[str, Any] = {"rows": told(request, incident, some.rows), "paging": some, "counts": counts(rows)}
    return page(request, "incident_affected", incident, form, **context)


def _confirm(request: HttpRequest, incident: Incident, rows: QuerySet[Affected]) -> HttpResponse:
    """Everybody, or one by the id of the row."""
    which = {str(row.pk): row.pk for row in rows} if request.POST["confirm"] != "all" else {}
    one = which.get(request.POST["confirm"])
    if request.POST["confirm"] == "all" or one:
        actions.confirm(incident, rows.filter(pk=one) if one else rows, by=me(request))
    return redirect("incident_affected", pk=incident.pk)


@changes(access.open_incidents)
def affected_seek(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Choose an account, a sign-in, an address or a thing, and a span; whoever was reached comes on the list."""
    people, given = list(staff(me(request))), request.POST if request.method == "POST" else None
    first = access.suspects(incident).filter(cleared_at=None).first()
    initial = {"person": str(first.user_id) if first else ""}
    form = SeekForm(given, initial=initial, people=people, clients=governed_clients(me(request)), noticed_at=incident.noticed_at)
    if not form.is_valid():
        return page(request, "affected_seek", incident, form)
    if given and "look" in given:
        found = signins(trail.lines(), form.sought)[:50]
        context = {"incident": incident, "form": form, "signins": list(found), "looked": True}
        return render(request, "breaches/affected_seek.html", context | steps_of(incident))
    number = actions.find_affected(incident, form.sought, form.words, by=me(request))
    words = f"{number} client{'' if number == 1 else 's'} found. Look through the list and confirm."
    return done(request, incident, words, to="incident_affected")


@changes(access.open_incidents)
def affected_add(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Put clients on the list by hand: papers, a misdirected message, what no line tells."""
    form = AddForm(request.POST if request.method == "POST" else None, clients=governed_clients(me(request)))
    if not form.is_valid():
        return page(request, "affected_add", incident, form)
    shown(form.cleaned_data["codes"], within=incident)
    actions.add_affected(incident, form.cleaned_data["codes"], form.cleaned_data["words"], by=me(request))
    return done(request, incident, "On the list.", to="incident_affected")


@changes(access.open_incidents)
def affected_edit(request: HttpRequest, incident: Incident, affected: UUID) -> HttpResponse:
    """One client on the list: where they live, whom a letter goes to; or out, with a reason."""
    row = get_object_or_404(access.with_reach(access.affected(incident), incident), pk=affected)
    out, posted = OutForm(request.POST if "words" in request.POST else None), request.POST if "home" in request.POST else None
    home = f"{row.country}-{row.state}" if row.state else row.country
    form, refusal = DescribeForm(posted, initial={"home": home, "minor": row.minor, "deceased": row.deceased}), None
    try:
        if out.is_valid():
            actions.take_out(row, out.cleaned_data["words"], by=me(request))
            return done(request, incident, "Taken out; the row stays with its reason.", to="incident_affected")
        if form.is_valid():
            country, state = place_of(form.cleaned_data["home"])
            found = {name: form.cleaned_data[name] for name in ("minor", "deceased")}
            actions.describe(row, by=me(request), country=country, state=state, **found)
            return done(request, incident, "Saved.", to="incident_affected")
    except Refused as refused:
        refusal = refused
    return page(request, "affected_edit", incident, form, refusal, told=told(request, incident, [row])[0], out=out)

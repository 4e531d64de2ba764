"""Reporting, the board, and one incident as a single page with its steps at the side."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from audit.doors import changes, lists, named, reads
from breaches import access, actions
from breaches.forms.incidents import AwareForm, KnowledgeForm, MissForm, StaffReportForm, StrikeForm, SuspectForm, TellForm
from breaches.models import STEPS, Incident, State
from breaches.standing import certain_at, first_known, next_of, standing, standings
from clients.paging import page_of
from clients.views import again, me
from practice.access import colleagues, staffed_practice
from practice.models import Practice
from practice.refusals import Refused
from supervision import serving

from .steps import counts, steps_of

REPORTED = "Reported as {number}. Thank you: the privacy officers know now, and you have done what you had to."


@changes(access.reporting_practice)
def incident_report(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Three answers, and one sees that they arrived."""
    posted = request.POST if request.method == "POST" else None
    form, refusal = StaffReportForm(posted, people=list(colleagues(me(request)))), None
    if form.is_valid():
        try:
            row = actions.report(by=me(request), **form.cleaned_data)
            messages.success(request, REPORTED.format(number=row.number))
            return redirect("incident_list")
        except Refused as refused:
            refusal = refused
    return again(request, "breaches/incident_report.html", {"form": form, "refusal": refusal})


@lists(access.kept_incidents, within=staffed_practice)
def incident_list(request: HttpRequest, practice: Practice, rows: QuerySet[Incident]) -> HttpResponse:
    """The board of those who work on incidents, and for everybody what they reported: that it arrived, and where it stands."""
    newer, older = request.POST.get("newer", ""), request.POST.get("older", "")
    waiting = list(access.open_incidents(request.user).select_related("reported_by").defer("what", "cause")[:100])
    told = by_clock(waiting)
    page = page_of(
        rows.exclude(pk__in=[row.pk for row in waiting]).defer("what", "cause"), order=("-reported_at", "-pk"), newer=newer, older=older
    )
    named([*waiting, *page.rows])
    mine = access.own_reports(request.user).defer("title", "what", "cause")[:20]
    context = {"waiting": told, "page": page, "mine": mine, "keeps": bool(waiting or page.rows)}
    return render(request, "breaches/incident_list.html", context)


def by_clock(incidents: list[Incident]) -> list[dict[str, Any]]:
    """``incidents`` with the clock of each that runs out first, the most urgent first."""
    found = standings(incidents)
    rows = [{"incident": incident, "next": next_of(found[incident.pk])} for incident in incidents]
    return sorted(rows, key=lambda row: (row["next"] is None, row["next"].clock.due if row["next"] else 0))


@reads(access.kept_incidents)
def incident_detail(request: HttpRequest, incident: Incident) -> HttpResponse:
    """One incident: where it stands, what happened, and what comes next."""
    context = {"incident": incident, "entries": access.entries(incident), "suspects": access.suspects(incident), "tell": TellForm()}
    context |= {"knowledge": access.knowledge(incident), "mine": _is_mine(request, incident), "tasks": access.tasks(incident)}
    context |= {"certain": certain_at(incident), "first": first_known(incident), "uncalled": access.uncalled(incident).count()}
    context |= {"counts": counts(access.affected(incident)), "clocks": [each for each in standing(incident) if each.clock.earliest]}
    return render(
        request, "breaches/incident_detail.html", context | serving.around(me(request), "incident", incident.pk) | steps_of(incident)
    )


def _is_mine(request: HttpRequest, incident: Incident) -> bool:
    """Whether the only privacy officer works on what may be of their own making."""
    return any(row.user_id == request.user.pk and row.cleared_at is None for row in access.suspects(incident))


def done(request: HttpRequest, incident: Incident, words: str, to: str = "incident_detail") -> HttpResponse:
    """Say ``words`` on the incident's page, or on another one of it."""
    messages.success(request, words)
    return redirect(to, pk=incident.pk)


def page(request: HttpRequest, name: str, incident: Incident, form: Form, refusal: Refused | None = None, **more: Any) -> HttpResponse:
    """A form about the incident, with its steps at the side."""
    context = {"incident": incident, "form": form, "refusal": refusal} | more
    return again(request, f"breaches/{name}.html", context | serving.around(me(request), "incident", incident.pk) | steps_of(incident))


@changes(access.open_incidents)
def incident_tell(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Go on telling what happened."""
    form = TellForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return page(request, "incident_tell", incident, form)
    actions.tell(incident, form.cleaned_data["words"], by=me(request), at=form.cleaned_data["at"])
    return done(request, incident, "Written into the timeline.")


@changes(access.open_incidents)
def incident_discovery(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Who knew when: the earliest day that counts is the day of discovery (BR-5). And since when the practice was certain (SB-12)."""
    form = KnowledgeForm(request.POST if "day" in request.POST else None)
    certain = AwareForm(request.POST if "certain-at" in request.POST else None, prefix="certain")
    refusal = None
    try:
        if form.is_valid():
            found = form.cleaned_data
            actions.note_knowledge(incident, found["day"], found["words"], by=me(request), counts=not found["alone"])
            return done(request, incident, f"Written down. Discovered on {incident.discovered_on:%-d %b %Y}.")
        if certain.is_valid():
            actions.note_awareness(incident, certain.cleaned_data["at"], certain.cleaned_data["words"], by=me(request))
            return done(request, incident, "Written down. Clocks in hours follow.")
    except Refused as refused:
        refusal = refused
    more = {"knowledge": access.knowledge(incident), "awareness": access.awareness(incident), "first": first_known(incident)}
    return page(request, "incident_discovery", incident, form, refusal, certain=certain, **more)


@changes(access.open_incidents)
def knowledge_strike(request: HttpRequest, incident: Incident, knowledge: UUID) -> HttpResponse:
    """Say that a statement of who knew when was wrong."""
    row = get_object_or_404(access.knowledge(incident), pk=knowledge)
    form, refusal = StrikeForm(request.POST if request.method == "POST" else None), None
    if form.is_valid():
        try:
            actions.strike(row, form.cleaned_data["words"], by=me(request))
            return done(request, row.incident, f"Taken back. Discovered on {row.incident.discovered_on:%-d %b %Y}.")
        except Refused as refused:
            refusal = refused
    return page(request, "knowledge_strike", incident, form, refusal, row=row)


@changes(access.open_incidents)
def incident_suspect(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Name a colleague who may be the cause, or clear one."""
    if request.method == "POST" and "clear" in request.POST:
        return _clear(request, incident)
    people = [person for person in colleagues(me(request)) if person.pk != request.user.pk]
    form = SuspectForm(request.POST if request.method == "POST" else None, people=people)
    if not form.is_valid():
        return page(request, "incident_suspect", incident, form, suspects=access.suspects(incident))
    actions.name_suspect(incident, form.cleaned_data["person"], by=me(request))
    return done(request, incident, "From now on nothing of this is there for them.")


def _clear(request: HttpRequest, incident: Incident) -> HttpResponse:
    given = {str(row.pk): row for row in access.suspects(incident)}
    row = given.get(request.POST["clear"])
    if row is None:
        return redirect("incident_suspect", pk=incident.pk)
    actions.clear(row, by=me(request))
    return done(request, incident, "Cleared.")


@changes(access.open_incidents)
def incident_step(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Take the next step, or one back. A near miss and the end have pages of their own."""
    to = request.POST.get("to", "")
    plain = {state.value for state in STEPS[State(incident.state)]} - {State.CLOSED, State.NEAR_MISS}
    if to not in plain:
        return redirect("incident_detail", pk=incident.pk)
    actions.move(incident, to, by=me(request))
    return done(request, incident, f"Now: {State(to).label}.")


@changes(access.open_incidents)
def incident_miss(request: HttpRequest, incident: Incident) -> HttpResponse:
    """It was a near miss: an outcome with its own short finding."""
    form, refusal = MissForm(request.POST if request.method == "POST" else None), None
    if form.is_valid():
        try:
            actions.miss(incident, by=me(request), **form.cleaned_data)
            return done(request, incident, "Kept as a near miss. Thank whoever reported it.")
        except Refused as refused:
            refusal = refused
    return page(request, "incident_miss", incident, form, refusal)

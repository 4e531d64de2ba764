"""The assessment and its second person; the clocks, why one may run longer, and what was done about each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from audit.doors import changes
from breaches import access, actions
from breaches.assessing import exemptions, factors
from breaches.forms.assessing import AssessForm, DelayForm, MarkForm, filled_in
from breaches.models import Assessment, Incident
from breaches.picture import timeline_of
from breaches.standing import Standing, current, standing
from clients.views import me
from practice.refusals import Refused

from .incidents import done, page


@changes(access.open_incidents)
def incident_assess(request: HttpRequest, incident: Incident) -> HttpResponse:
    """The analysis: what it says is kept each time it is saved. What lowers it waits for a second person."""
    found = current(incident)
    form, refusal = AssessForm(request.POST if request.method == "POST" else None, initial=filled_in(found)), None
    if form.is_valid():
        try:
            row = actions.assess(incident, by=me(request), **form.found)
            words = "Saved. It counts once a second person approved it." if row.lowers else "Saved. The clocks follow."
            return done(request, incident, words, to="incident_assessment")
        except Refused as refused:
            refusal = refused
    return page(request, "incident_assess", incident, form, refusal, groups=form.groups(), found=found)


def _told(found: Assessment | None) -> dict[str, Any]:
    """The newest assessment for a template: factors and limbs with their words."""
    if found is None:
        return {"found": None}
    chosen = exemptions().get(found.exception)
    given = zip(factors(), [*found.ratings, "", "", "", ""], strict=False)
    return {
        "found": found,
        "factors": [(factor, rating, found.factors.get(factor.number, "")) for factor, rating in given],
        "limbs": [(question, found.limbs.get(key, "")) for key, question in chosen.limbs] if chosen else [],
        "chosen": chosen,
    }


@changes(access.kept_incidents)
def incident_assessment(request: HttpRequest, incident: Incident) -> HttpResponse:
    """What counts now, what counted before, and the approval of a second person."""
    found, refusal = current(incident), None
    if request.method == "POST" and incident.is_open and found and request.POST.get("approve") == str(found.pk):
        try:
            actions.approve(found, by=me(request))
            return done(request, incident, "Approved. The clocks follow.", to="incident_assessment")
        except Refused as refused:
            refusal = refused
    told = _told(found) | {"before": access.assessments(incident)[1:20], "alone": access.sole_officer(me(request))}
    return page(request, "incident_assessment", incident, DelayForm(), refusal, **told)


@changes(access.kept_incidents)
def incident_clocks(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Every clock with its rule and arithmetic, on a line of time and as a table; what moved them; and more time for a cause."""
    form, refusal = DelayForm(request.POST if request.method == "POST" and incident.is_open else None), None
    if form.is_valid():
        try:
            actions.delay(incident, by=me(request), **form.cleaned_data)
            return done(request, incident, "Written down. The clocks follow.", to="incident_clocks")
        except Refused as refused:
            refusal = refused
    found = standing(incident)
    context: dict[str, Any] = {
        "clocks": found,
        "picture": timeline_of(found),
        "runs": access.runs(incident),
        "delays": access.delays(incident),
    }
    return page(request, "incident_clocks", incident, form, refusal, **context)


def _clock(incident: Incident, ident: UUID) -> Standing:
    found = next((each for each in standing(incident) if each.clock.pk == ident), None)
    if found is None:
        raise Http404
    return found


@changes(access.open_incidents)
def clock_mark(request: HttpRequest, incident: Incident, clock: UUID) -> HttpResponse:
    """What was done about one clock: sent, not required, or open again."""
    each = _clock(incident, clock)
    form, refusal = MarkForm(request.POST if request.method == "POST" else None), None
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.mark(incident, each, given["state"], given["on"], given["words"], by=me(request))
            return redirect("incident_clocks", pk=incident.pk)
        except Refused as refused:
            refusal = refused
    return page(request, "clock_mark", incident, form, refusal, each=each, marks=access.clock_marks(incident, each.clock))

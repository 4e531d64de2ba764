"""What goes to authorities and the public, the end, the file of an incident, and the register of all."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header

from audit import clock
from audit.doors import changes, exports, lists, named, reads
from audit.sheet import rows as sheet
from breaches import access, actions
from breaches.file import file_of, hhs_log, register
from breaches.forms.letters import CloseForm, DraftForm, DraftTextForm, ReopenForm, SentForm
from breaches.models import Draft, FollowUp, Incident, State
from breaches.standing import standing
from clients.views import me
from practice import pdf
from practice.access import governed_practice
from practice.models import Practice
from practice.refusals import Refused

from .incidents import done, page
from .steps import steps_of


@reads(access.kept_incidents)
def incident_drafts(request: HttpRequest, incident: Incident) -> HttpResponse:
    """What goes, or went, to authorities, HHS, the media and the public."""
    rows = access.drafts(request.user).filter(incident=incident).defer("text", "proof")
    drawn = {row.whom for row in rows}
    open_ones = [
        each.clock for each in standing(incident) if each.runs and each.clock.audience in Draft.Kind.values and each.clock.whom not in drawn
    ]
    context = {"incident": incident, "drafts": rows, "clocks": open_ones, "form": DraftForm(), "may": incident.is_open}
    return render(request, "breaches/incident_drafts.html", context | steps_of(incident))


@changes(access.open_incidents)
def draft_new(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Draw a notice up, filled in from what is known."""
    form = DraftForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return page(request, "draft_new", incident, form)
    row = actions.draw(incident, form.cleaned_data["kind"], form.cleaned_data["whom"], by=me(request))
    return redirect("draft_change", pk=row.pk) if row.sent_on is None else redirect("incident_drafts", pk=incident.pk)


@changes(access.open_drafts)
def draft_change(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Change what a notice says, or say that it went out."""
    text = DraftTextForm(request.POST if "text" in request.POST else None, initial={"text": draft.text})
    form, refusal = SentForm(request.POST if "proof" in request.POST else None), None
    try:
        if text.is_valid():
            actions.save_draft(draft, text.cleaned_data["text"], by=me(request))
            return done(request, draft.incident, "Saved.", to="incident_drafts")
        if form.is_valid():
            actions.sent(draft, form.cleaned_data["on"], form.cleaned_data["proof"], by=me(request))
            return done(request, draft.incident, "Kept as sent, with its proof.", to="incident_drafts")
    except Refused as refused:
        refusal = refused
    return page(request, "draft_change", draft.incident, form, refusal, draft=draft, text=text)


@changes(access.open_incidents)
def incident_close(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Close it for good, when nothing is left open."""
    form, refusal, left = CloseForm(request.POST if request.method == "POST" else None), None, actions.keeps_open(incident, me(request))
    if form.is_valid():
        try:
            actions.close(incident, actions.Ending(**form.cleaned_data), by=me(request))
            return done(request, incident, "Closed. A risk analysis is due within 30 days.")
        except Refused as refused:
            refusal = refused
    may = incident.state in (State.ASSESSING, State.NOTIFYING)
    return page(request, "incident_close", incident, form, refusal, left=left, may=may)


@changes(access.kept_incidents)
def incident_reopen(request: HttpRequest, incident: Incident) -> HttpResponse:
    """What was closed goes on as a new incident."""
    form = ReopenForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return page(request, "incident_reopen", incident, form)
    try:
        row = actions.reopen(incident, form.cleaned_data["why"], by=me(request))
    except Refused as refused:
        return page(request, "incident_reopen", incident, form, refused)
    return done(request, row, f"Goes on as {row.number}. What was closed stays as it is.")


@exports(access.kept_incidents)
def incident_file(request: HttpRequest, incident: Incident) -> HttpResponse:
    """The whole file of an incident as PDF, for a regulator."""
    try:
        made = pdf.press("incident", file_of(incident, by=me(request)))
    except Refused as refused:
        return page(request, "incident_refused", incident, Form(), refused)
    header = content_disposition_header(True, f"{incident.number}.pdf")
    return HttpResponse(made, content_type="application/pdf", headers={"Content-Disposition": header})


@changes(access.follow_ups)
def follow_up(request: HttpRequest, row: FollowUp) -> HttpResponse:
    """The risk analysis that is due because of an incident (REV-4)."""
    if request.method != "POST":
        return render(request, "breaches/follow_up.html", {"row": row})
    actions.analysed(row, by=me(request))
    return done(request, row.incident, "Kept: the risk analysis is done.")


@lists(access.kept_incidents, within=governed_practice)
def breach_register(request: HttpRequest, practice: Practice, rows: QuerySet[Incident]) -> HttpResponse:
    """Every incident there ever was, with its effects, its remedy and what was decided (GDPR Art. 33(5))."""
    found = list(rows.filter(drill=False).defer("what", "cause"))
    named(found)
    context: dict[str, Any] = {"rows": found, "years": sorted({row.discovered_on.year for row in found}, reverse=True)}
    return render(request, "breaches/breach_register.html", context)


@exports(governed_practice)
def register_sheet(request: HttpRequest, practice: Practice) -> HttpResponse:
    """The register as a table."""
    return _sheet("breach-register.csv", register(access.kept_incidents(request.user).filter(drill=False), by=me(request)))


@exports(governed_practice)
def hhs_sheet(request: HttpRequest, practice: Practice) -> HttpResponse:
    """A year's breaches of fewer than 500 people, for HHS (BR-12); without a year those of the last one."""
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else clock.today().year - 1
    rows = access.kept_incidents(request.user).filter(drill=False, discovered_on__year=year)
    return _sheet(f"hhs-log-{year}.csv", hhs_log(rows, by=me(request)))


def _sheet(name: str, lines: list[list[str]]) -> HttpResponse:
    header = content_disposition_header(True, name)
    return HttpResponse(sheet(lines), content_type="text/csv; charset=utf-8; header=present", headers={"Content-Disposition": header})

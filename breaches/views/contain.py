"""Containing: acts on accounts, tasks, urgent calls, and incidents that come of a review."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from audit.doors import changes, reads
from breaches import access, actions
from breaches.forms.contain import GUIDED, LINKS, PORTAL, CallForm, ContainForm, DoneForm, TaskForm
from breaches.models import Call, Incident, Task
from clients.access import governed_clients
from clients.models import BreakGlass
from clients.paging import page_of
from clients.views import again, me
from practice.access import colleagues, staff
from practice.factors import reauthenticated
from practice.models import User
from practice.refusals import Refused
from review.models import Signal

from .affected import SIZE, told
from .incidents import done, page
from .steps import steps_of

SENT_ACTS = {PORTAL: actions.withdraw_from_portal, LINKS: actions.stop_links}


@changes(access.open_incidents)
@reauthenticated
def incident_contain(request: HttpRequest, incident: Incident) -> HttpResponse:
    """What the house can do at once with an account; each act is written into the timeline."""
    people, first = list(staff(me(request))), access.suspects(incident).filter(cleared_at=None).first()
    initial = {"person": str(first.user_id) if first else "", "act": "sessions"}
    posted = request.POST if request.method == "POST" else None
    form, refusal = ContainForm(posted, initial=initial, people=people, clients=governed_clients(me(request))), None
    if form.is_valid():
        try:
            _contain(incident, form, me(request))
            return done(request, incident, "Done, and written into the timeline.")
        except Refused as refused:
            refusal = refused
    return page(request, "incident_contain", incident, form, refusal, tasks=access.tasks(incident), guided=GUIDED)


def _contain(incident: Incident, form: ContainForm, by: User) -> None:
    act, of = form.cleaned_data["act"], form.sent_of
    if of:
        SENT_ACTS[act](incident, of, by=by, called=str(of.name if isinstance(of, User) else of.code))
        return
    for account, called in form.accounts:
        actions.contain(incident, account, act, by=by, called=called)


def _owners(request: HttpRequest, incident: Incident) -> list[User]:
    hidden = {row.user_id for row in access.suspects(incident) if row.cleared_at is None} - {me(request).pk}
    return [person for person in colleagues(me(request)) if person.pk not in hidden]


@changes(access.open_incidents)
def task_new(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Give somebody something to do."""
    _, words = GUIDED.get(request.GET.get("guide", ""), ("", ""))
    form = TaskForm(request.POST if request.method == "POST" else None, people=_owners(request, incident), initial={"words": words})
    if not form.is_valid():
        return page(request, "task_new", incident, form)
    found = form.cleaned_data
    actions.give_task(incident, found["owner"], found["words"], found["due_on"], by=me(request))
    return done(request, incident, "Given. It waits on their Home.")


@changes(access.open_incidents)
def task_tick(request: HttpRequest, incident: Incident, task: UUID) -> HttpResponse:
    """Tick a task of this incident off, and say what came of it, or why it was not needed."""
    row = get_object_or_404(access.tasks(incident), pk=task)
    form = DoneForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return page(request, "task_tick", incident, form, task=row)
    actions.finish_task(row, by=me(request), outcome=form.cleaned_data["outcome"])
    return redirect("incident_detail", pk=incident.pk)


@changes(access.own_tasks)
def task_done(request: HttpRequest, task: Task) -> HttpResponse:
    """What one was given to do, and that it is done."""
    form = DoneForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return again(request, "breaches/task_done.html", {"task": task, "form": form})
    actions.finish_task(task, by=me(request), outcome=form.cleaned_data["outcome"])
    messages.success(request, "Thank you. Whoever gave it to you sees that it is done.")
    return redirect("home")


@reads(access.kept_incidents)
def incident_calls(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Who was called at once, and who is still to be called (BR-10)."""
    newer, older = request.GET.get("newer", ""), request.GET.get("older", "")
    some = page_of(access.confirmed(incident), order=("-found_at", "-pk"), newer=newer, older=older, size=SIZE)
    rang: dict[UUID, list[Call]] = {}
    for call in access.calls(request.user).filter(incident=incident, client__in=[row.client_id for row in some.rows]):
        rang.setdefault(call.client_id, []).append(call)
    found = [each | {"calls": rang.get(each["row"].client_id, [])} for each in told(request, incident, some.rows)]
    context = {"incident": incident, "rows": sorted(found, key=lambda each: bool(each["calls"])), "paging": some}
    return render(request, "breaches/incident_calls.html", context | steps_of(incident))


@changes(access.open_incidents)
def call_note(request: HttpRequest, incident: Incident, affected: UUID) -> HttpResponse:
    """Who called one of those affected, when, and what came of it; or why nobody did."""
    row = get_object_or_404(access.with_reach(access.confirmed(incident), incident), pk=affected)
    people = [*_owners(request, incident), *([] if me(request) in _owners(request, incident) else [me(request)])]
    form, refusal = CallForm(request.POST if request.method == "POST" else None, people=people, initial={"caller": me(request).pk}), None
    if form.is_valid():
        try:
            actions.note_call(row, form.cleaned_data.pop("caller"), by=me(request), **form.cleaned_data)
            return done(request, incident, "Written down.", to="incident_calls")
        except Refused as refused:
            refusal = refused
    return page(request, "call_note", incident, form, refusal, told=told(request, incident, [row])[0])


@changes(access.escalated_signals)
def signal_incident(request: HttpRequest, signal: Signal) -> HttpResponse:
    """An escalated signal becomes an incident."""
    if request.method != "POST":
        return redirect("home")
    return _opened(request, actions.incident_of_signal(signal, by=me(request)))


@changes(access.escalated_emergencies)
def emergency_incident(request: HttpRequest, glass: BreakGlass) -> HttpResponse:
    """An emergency access that its review questioned becomes an incident."""
    if request.method != "POST":
        return redirect("home")
    return _opened(request, actions.incident_of_emergency(glass, by=me(request)))


def _opened(request: HttpRequest, incident: Incident) -> HttpResponse:
    messages.success(request, f"Opened as {incident.number}. Nothing of it is there for whoever it is about.")
    return redirect("incident_detail", pk=incident.pk)

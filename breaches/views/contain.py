"""Containing: acts on accounts, tasks, and incidents that come of a review."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from audit.doors import changes
from breaches import access, actions
from breaches.forms.contain import ContainForm, TaskForm
from breaches.models import Incident, Task
from clients.access import governed_clients
from clients.models import BreakGlass
from clients.views import me
from practice.access import colleagues, staff
from practice.factors import reauthenticated
from practice.models import User
from practice.refusals import Refused
from review.models import Signal

from .incidents import done, page


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
            for account, called in form.accounts:
                actions.contain(incident, account, form.cleaned_data["act"], by=me(request), called=called)
            return done(request, incident, "Done, and written into the timeline.")
        except Refused as refused:
            refusal = refused
    return page(request, "incident_contain", incident, form, refusal, tasks=access.tasks(incident))


def _owners(request: HttpRequest, incident: Incident) -> list[User]:
    hidden = {row.user_id for row in access.suspects(incident) if row.cleared_at is None} - {me(request).pk}
    return [person for person in colleagues(me(request)) if person.pk not in hidden]


@changes(access.open_incidents)
def task_new(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Give somebody something to do."""
    form = TaskForm(request.POST if request.method == "POST" else None, people=_owners(request, incident))
    if not form.is_valid():
        return page(request, "task_new", incident, form)
    found = form.cleaned_data
    actions.give_task(incident, found["owner"], found["words"], found["due_on"], by=me(request))
    return done(request, incident, "Given. It waits on their Home.")


@changes(access.open_incidents)
def task_tick(request: HttpRequest, incident: Incident, task: UUID) -> HttpResponse:
    """Tick a task of this incident off."""
    row = get_object_or_404(access.tasks(incident), pk=task)
    if request.method == "POST":
        actions.finish_task(row, by=me(request))
    return redirect("incident_detail", pk=incident.pk)


@changes(access.own_tasks)
def task_done(request: HttpRequest, task: Task) -> HttpResponse:
    """What one was given to do, and that it is done."""
    if request.method != "POST":
        return render(request, "breaches/task_done.html", {"task": task})
    actions.finish_task(task, by=me(request))
    messages.success(request, "Thank you. Whoever gave it to you sees that it is done.")
    return redirect("home")


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

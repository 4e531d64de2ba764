"""Home: what needs attention, and nothing else. Rooms bring their queues themselves (practice/attention.py)."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from audit.doors import lists
from practice import attention
from practice.access import own_account
from practice.models import User
from records import access
from records.models import Session


@lists(access.unnoted_sessions, within=own_account)
def home(request: HttpRequest, person: User, sessions: QuerySet[Session]) -> HttpResponse:
    """Staff see every queue in which something waits for them; clients go to the portal."""
    if not person.is_staff_member:
        return _portal(request)
    queues = attention.waiting_for(person)
    sections = [{"queue": attention.queue(key), "rows": rows} for key, rows in queues.items()]
    return render(request, "records/home.html", {"queues": queues, "sections": sections, "shown": attention.SHOWN})


def _portal(request: HttpRequest) -> HttpResponse:
    try:
        return HttpResponseRedirect(reverse("portal_home"))
    except NoReverseMatch:  # the clients' room has not brought the page
        return render(request, "records/home.html")

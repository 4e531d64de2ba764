"""When somebody works with records, and when a record is worked with: a calendar and the hours of the day."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from audit.doors import reads
from clients.access import watched_clients, watched_lines
from clients.models import Client
from practice.access import staff
from practice.models import User
from review import access
from review.picture import picture_of


@reads(staff)
def person_hours(request: HttpRequest, person: User) -> HttpResponse:
    """The days and hours of one colleague's lines."""
    lines = access.lines_of(request.user, person)
    return render(request, "review/hours.html", {"picture": picture_of(lines), "who": person.name})


@reads(watched_clients)
def client_hours(request: HttpRequest, client: Client) -> HttpResponse:
    """The days and hours at which anybody did anything with one record."""
    lines = watched_lines(request.user).filter(client_id=client.pk)
    return render(request, "review/hours.html", {"picture": picture_of(lines), "code": client.code, "client": client})

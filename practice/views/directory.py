"""The directory: who works here, for everybody who does."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from audit.doors import lists
from practice import access, ownership
from practice.models import Practice, User
from practice.profile import profile


@dataclass
class Entry:
    """One colleague."""

    person: User
    roles: str
    supervisors: list[str]
    supervisees: list[str]


@lists(access.colleagues, within=access.staffed_practice)
def staff_directory(request: HttpRequest, practice: Practice, people: QuerySet[User]) -> HttpResponse:
    """Names, roles, credentials, and who supervises whom now. Nothing about clients, no addresses, nobody who left."""
    entries = {person.pk: Entry(person, person.roles_said, [], []) for person in people}
    for row in access.current_supervisions(request.user):
        if row.supervisor_id in entries and row.supervisee_id in entries:
            entries[row.supervisee_id].supervisors.append(entries[row.supervisor_id].person.name)
            entries[row.supervisor_id].supervisees.append(entries[row.supervisee_id].person.name)
    shown = sorted(entries.values(), key=lambda entry: entry.person.name.casefold())
    return render(request, "practice/staff_directory.html", {"entries": shown, "owner": ownership.models().get(profile().ownership)})

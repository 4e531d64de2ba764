"""The home of supervision: the supervisor's queue in numbers, whom they supervise, agreements, meetings that are due."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from audit.doors import lists
from clients.views import me
from practice.models import Practice
from practice.roles import Role
from supervision import access, standing
from supervision.models import Agreement

MOST = 50


@lists(access.agreements, within=access.supervision_practice)
def supervision_home(request: HttpRequest, practice: Practice, rows: QuerySet[Agreement]) -> HttpResponse:
    """Everything that hangs on supervision, for whoever gives or receives it; an admin sees agreements and that there were meetings."""
    user = me(request)
    now = list(access.standing_agreements(user)[:MOST])
    mine = [row for row in now if user.pk in (row.supervisor_id, row.supervisee_id)]
    supervises = user.holds(Role.SUPERVISOR)
    context: dict[str, Any] = {
        "rows": rows.defer("cover", "fees", "terms")[:MOST], "now": {row.pk for row in now}, "supervises": supervises,
        "months": [standing.this_month(user, row) for row in mine], "to_sign": access.signable_meetings(user).defer("topics")[:MOST],
        "agreements_to_sign": {row.pk for row in access.signable_agreements(user)[:MOST]}, "writes": bool(mine),
        "papers": access.signable_papers(user).defer("content")[:MOST], "ending": access.ending_agreements(user),
        "me": user,
    }  # fmt: skip
    if supervises:
        context |= {"cosigning": standing.cosigning(user), "people": standing.supervisees(user), "looks": standing.looks(user)}
    return render(request, "supervision/home.html", context)

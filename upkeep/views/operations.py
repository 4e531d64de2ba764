"""How the machinery stands, on one page for admins."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from audit.doors import lists
from practice.access import governed_practice
from practice.models import Practice
from upkeep import access, standing
from upkeep.models import Run

SHOWN = 20


@lists(access.runs, within=governed_practice)
def operations(request: HttpRequest, practice: Practice, runs: QuerySet[Run]) -> HttpResponse:
    """Parts, queues, seals, clocks, disks, and what was done to keep the house: numbers, and nothing of a client."""
    late = access.late_backup(request.user).exists()
    told = {"groups": standing.groups(), "runs": runs[:SHOWN], "last": access.good_backups().first(), "late": late}
    return render(request, "upkeep/operations.html", told)

"""Who still needs what they can open: each grant kept or ended, once a quarter (REV-2)."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit.doors import changes, lists, shown
from clients.access import governed_clients
from clients.models import ClientPermission
from clients.views import me
from practice.access import governed_practice
from practice.models import Practice
from review import access, actions

SIZE = 100  # grants on the page; those that are oldest first


@lists(access.grants_to_check, within=governed_practice)
def grant_checks(request: HttpRequest, practice: Practice, grants: QuerySet[ClientPermission]) -> HttpResponse:
    """What waits in this quarter, the oldest first, and how far it is."""
    some = list(grants[:SIZE])
    codes = dict(governed_clients(request.user).filter(pk__in=[row.client_id for row in some]).values_list("pk", "code"))
    shown(codes)
    done = access.checks(request.user).filter(begins=access.quarter())
    rows = [{"grant": row, "code": codes.get(row.client_id, "")} for row in some]
    context = {"rows": rows, "left": grants.count(), "kept": done.filter(kept=True).count(), "ended": done.filter(kept=False).count()}
    return render(request, "review/grant_checks.html", context | {"begins": access.quarter()})


@changes(access.governed_grants)
def grant_check(request: HttpRequest, grant: ClientPermission) -> HttpResponse:
    """Keep one grant, or end it now."""
    if request.method == "POST" and request.POST.get("what") in ("keep", "end"):
        kept = request.POST["what"] == "keep"
        actions.check_grant(grant, by=me(request), kept=kept)
        messages.success(request, "Kept." if kept else "Ended. The record is closed to them from now on.")
    return redirect("grant_checks")

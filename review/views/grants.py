"""Who still needs what they can open: each grant kept or ended, once a quarter (REV-2)."""

from __future__ import annotations

from typing import Any

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
from review.periods import quarter, slept

SIZE = 100  # grants on the page; those that are oldest first


@lists(access.grants_to_check, within=governed_practice)
def grant_checks(request: HttpRequest, practice: Practice, grants: QuerySet[ClientPermission]) -> HttpResponse:
    """What waits in this quarter, the oldest first, and how far it is."""
    some = list(grants[:SIZE])
    codes = dict(governed_clients(request.user).filter(pk__in=[row.client_id for row in some]).values_list("pk", "code"))
    shown(codes)
    done = access.checks(request.user).filter(begins=quarter())
    rows = [{"grant": row, "code": codes.get(row.client_id, "")} for row in some]
    context: dict[str, Any] = {"dormant": access.dormant_accounts(request.user), "signed": access.quarters(request.user)[:8]}
    context |= {"to_sign": access.quarters_to_sign(request.user).exists()}
    context |= {"rows": rows, "left": grants.count(), "kept": done.filter(kept=True).count(), "ended": done.filter(kept=False).count()}
    return render(request, "review/grant_checks.html", context | {"begins": quarter(), "slept": slept().days})


@changes(access.governed_grants)
def grant_check(request: HttpRequest, grant: ClientPermission) -> HttpResponse:
    """Keep one grant, or end it now."""
    if request.method == "POST" and request.POST.get("what") in ("keep", "end"):
        kept = request.POST["what"] == "keep"
        actions.check_grant(grant, by=me(request), kept=kept)
        messages.success(request, "Kept." if kept else "Ended. The record is closed to them from now on.")
    return redirect("grant_checks")


@changes(governed_practice)
def quarter_sign(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Sign that this quarter's grants and dormant accounts were looked at."""
    if request.method == "POST":
        actions.sign_quarter(by=me(request))
        messages.success(request, "Signed.")
    return redirect("grant_checks")

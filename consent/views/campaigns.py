"""Asking anew after a material change: who is on which version, and sending to all or some of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit import doors
from audit.doors import changes, reads
from clients.views import me
from consent import access, actions
from consent.campaigns import asked_anew, behind, counted, why_nobody_is_asked
from consent.models import Request, Version
from consent.states import state_of
from practice.refusals import Refused

from .forms import governs
from .versions import about, compared, earlier

SHOWN = 100  # rows of each table
AT_ONCE = 20  # requests of one press: each seals its words, so that a page answers within a second or two


@reads(access.versions)
def campaign_page(request: HttpRequest, version: Version) -> HttpResponse:
    """Who has an earlier version in force and who was asked anew: by code for admins, by name for those who send."""
    everybody, mine = access.counted_requests(request.user), access.renewable_requests(request.user)
    why, rule = why_nobody_is_asked(version)
    may = set(behind(mine, version).order_by().values_list("pk", flat=True)) if not why else set()
    late = list(behind(everybody, version).order_by("asked_at", "pk")[:SHOWN])
    asked = list(asked_anew(everybody, version)[:SHOWN])
    by_code = governs(request)
    if by_code:
        doors.shown([each.client_id for each in (*late, *asked)])
    found = about(version) | {
        "late": [{"request": each, "may": each.pk in may} for each in late],
        "asked": [{"request": each, "state": state_of(each)} for each in asked],
        "counts": counted(everybody, version), "may": len(may), "by_code": by_code, "why": why, "rule": rule, "shown": SHOWN,
        "changes": compared(earlier(request, version).first(), version),
    }  # fmt: skip
    return render(request, "consent/campaign_page.html", found)


@changes(access.sendable_versions)
def campaign_send(request: HttpRequest, version: Version) -> HttpResponse:
    """Send to all whom one may send to, some at a time, or to those ticked. Whom it cannot go to is named, with the reason."""
    if request.method != "POST" or why_nobody_is_asked(version)[0]:
        return redirect("campaign_page", version.pk)
    due = behind(access.renewable_requests(request.user), version).order_by("pk")
    every = request.POST.get("then") == "all"
    after, done = _place(request.POST.get("after", "")), _number(request.POST.get("done", ""))
    chosen = due.filter(pk__gt=after) if every else due.filter(pk__in=[_place(each) for each in request.POST.getlist("request")[:SHOWN]])
    some = list(chosen[:AT_ONCE] if every else chosen[:SHOWN])
    held = [refusal for each in some if (refusal := _ask(request, each, version))]
    last = some[-1].pk if some else after
    left = due.filter(pk__gt=last).count() if every else 0
    found = about(version) | {
        "sent": len(some) - len(held), "held": held, "left": left, "last": last, "done": done + len(some), "total": done + len(some) + left,
    }  # fmt: skip
    return render(request, "consent/campaign_sent.html", found)


def _ask(request: HttpRequest, former: Request, version: Version) -> dict[str, Any] | None:
    """Ask one client anew; or who it is, and why it could not be."""
    try:
        with transaction.atomic():
            actions.ask_anew(former, version, by=me(request))
    except Refused as refusal:
        return {"client": former.client, "refusal": refusal}
    return None


def _place(typed: str) -> UUID:
    """The id that a form carried; the one before all others where it is none."""
    try:
        return UUID(typed)
    except ValueError:
        return UUID(int=0)


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 0

"""What left the house, what is due, what was stopped or refused, and what needs a decision."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit.doors import changes, lists
from practice import access
from practice.actions import outbox
from practice.models import Notice, Practice, User

_SHOWN = 100
# Rooms to the right say what they kept from leaving: called with the admin, answers rows for the page (client's code, kind, when, why).
refusals: list[Callable[[User], list[dict[str, Any]]]] = []


@lists(access.notices, within=access.governed_practice)
def outbox_list(request: HttpRequest, practice: Practice, notices: QuerySet[Notice]) -> HttpResponse:
    """Notices by kind, time and state; addresses and words stay sealed."""
    uncertain, chosen = notices.filter(state=Notice.State.UNCERTAIN), request.POST.get("channel", "")
    others = notices.exclude(state=Notice.State.UNCERTAIN)
    if chosen in Notice.Channel.values:
        others = others.filter(channel=chosen)
    assert isinstance(request.user, User)
    refused = [row for each in refusals for row in each(request.user)]
    counts = notices.order_by().values("channel", "state").annotate(many=Count("pk")).order_by("channel", "state")
    context = {"uncertain": uncertain, "notices": others[:_SHOWN], "refused": refused, "counts": _counted(counts)}
    return render(request, "practice/outbox_list.html", context | {"channels": Notice.Channel.choices, "chosen": chosen})


def _counted(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """For each channel in use how many stand in which state."""
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["channel"], {})[row["state"]] = row["many"]
    return [{"label": Notice.Channel(channel).label, **many} for channel, many in found.items()]


@changes(access.notices)
def outbox_decide(request: HttpRequest, notice: Notice) -> HttpResponse:
    """Of an uncertain notice: send it again, or note that it arrived."""
    if request.method == "POST" and notice.state == Notice.State.UNCERTAIN:
        assert isinstance(request.user, User)
        decide = outbox.arrived if request.POST.get("decision") == "arrived" else outbox.send_again
        decide(notice, by=request.user)
        messages.success(request, "Noted." if decide is outbox.arrived else "It goes out again.")
    return redirect("outbox_list")

"""What left the house by mail, what is due, and what needs a decision."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit.doors import changes, lists
from practice import access
from practice.actions import outbox
from practice.models import Notice, Practice, User

_SHOWN = 100


@lists(access.notices, within=access.governed_practice)
def outbox_list(request: HttpRequest, practice: Practice, notices: QuerySet[Notice]) -> HttpResponse:
    """Notices by kind, time and state; addresses and words stay sealed."""
    uncertain = notices.filter(state=Notice.State.UNCERTAIN)
    others = notices.exclude(state=Notice.State.UNCERTAIN)[:_SHOWN]
    return render(request, "practice/outbox_list.html", {"uncertain": uncertain, "notices": others})


@changes(access.notices)
def outbox_decide(request: HttpRequest, notice: Notice) -> HttpResponse:
    """Of an uncertain notice: send it again, or note that it arrived."""
    if request.method == "POST" and notice.state == Notice.State.UNCERTAIN:
        assert isinstance(request.user, User)
        decide = outbox.arrived if request.POST.get("decision") == "arrived" else outbox.send_again
        decide(notice, by=request.user)
        messages.success(request, "Noted." if decide is outbox.arrived else "It goes out again.")
    return redirect("outbox_list")

"""Opening a record in an emergency: one page for all who may, linked from every "there is nothing here" alike (SE-2)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from audit import trail
from audit.doors import changes, lists, shown
from audit.models import Event
from clients import access, actions, history
from clients.emergency import policy
from clients.forms.emergency import EmergencyForm, EmergencyReviewForm
from clients.models import BreakGlass
from clients.models.glass import opened_with
from clients.paging import page_of
from practice.access import staffed_practice
from practice.factors import reauthenticated
from practice.models import Practice, User
from practice.refusals import Refused

from . import again, me

NOBODY = (
    "This opens nobody's record. The code or the name may be mistyped, two clients may share it, or the record may not be yours to "
    "open; we say the same in all cases."
)


def way_on(user: User) -> tuple[str, str] | None:
    """For the page that says there is nothing: the way to this one, for whoever's role allows it."""
    return ("Open a record in an emergency", reverse("emergency_open")) if user.holds(*policy().roles) else None


@changes(access.emergency_practice)
@reauthenticated
def emergency_open(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Whose record, why, for how long. What was typed comes back where it opens nobody's."""
    form, refusal = EmergencyForm(request.POST if request.method == "POST" else None), None
    if form.is_valid():
        found = form.cleaned_data
        try:
            row = actions.open_in_emergency(practice, by=me(request), sought=found["who"], **_given(found))
        except Refused as refused:
            row, refusal = None, refused
        if row:
            messages.success(request, "The record is open to you. The care team and the admins have been told.")
            return redirect("client_detail", pk=row.client_id)
        if refusal is None:
            form.add_error("who", NOBODY)
    return again(request, "clients/emergency_open.html", {"form": form, "refusal": refusal, "rules": policy()})


def _given(found: dict[str, Any]) -> dict[str, Any]:
    return {name: found[name] for name in ("reason", "minutes", "untold_reason")}


@lists(access.kept_emergencies, within=staffed_practice)
def emergency_list(request: HttpRequest, practice: Practice, rows: QuerySet[BreakGlass]) -> HttpResponse:
    """What is open to oneself now, and for those who review it what others opened, the newest first; no reason is opened here."""
    newer, older = request.POST.get("newer", ""), request.POST.get("older", "")
    some = rows.select_related("client", "user", "review__reviewed_by").defer(*UNSHOWN)
    page = page_of(some, order=("-opened_at", "-pk"), newer=newer, older=older)
    mine = list(access.own_emergencies(request.user).defer(*UNSHOWN))
    shown([row.client_id for row in [*page.rows, *mine]])
    can = request.user.holds(*policy().roles)  # type: ignore[union-attr]  # a User: somebody of the staff
    return render(request, "clients/emergency_list.html", {"page": page, "mine": mine, "can": can})


_OF_THE_CLIENT = ("given_name", "family_name", "preferred_name", "pronouns", "born_on", "languages", "emergency")
UNSHOWN = ["reason", "untold_reason", *(f"client__{name}" for name in _OF_THE_CLIENT)]


@changes(access.own_emergencies)
def emergency_end(request: HttpRequest, row: BreakGlass) -> HttpResponse:
    """End one's own opening before its time."""
    if request.method == "POST":
        actions.end_emergency(row, by=me(request))
        messages.success(request, "Ended. The record is closed to you from now on.")
        return redirect("emergency_list")
    return render(request, "clients/emergency_end.html", {"row": row})


@changes(access.emergencies_to_review)
def emergency_review(request: HttpRequest, row: BreakGlass) -> HttpResponse:
    """One opening: its reason, what was opened meanwhile, and the form of what was found; findings are final."""
    others = list(opened_with(row, access.emergencies_to_review(request.user)).defer(*UNSHOWN))
    form, refusal = EmergencyReviewForm(request.POST if request.method == "POST" else None, told=row.tells_client), None
    if form.is_valid():
        found = form.cleaned_data
        try:
            actions.review_emergency(
                row, by=me(request), findings=found["findings"], upheld=found["upheld"] == "yes", opens_incident=found["incident"],
                untold_reason=found["untold_reason"],
            )  # fmt: skip
            messages.success(request, "Reviewed. What you found is final.")
            return redirect("emergency_list")
        except Refused as refused:
            refusal = refused
    context = {"row": row, "form": form, "refusal": refusal, "lines": _meanwhile(row, others), "others": others}
    return again(request, "clients/emergency_review.html", context)


def _meanwhile(row: BreakGlass, others: list[BreakGlass]) -> list[history.Folded]:
    """What the one who opened did with the record while it was open, in every row of that person, repeats folded."""
    shown([other.client_id for other in others])
    clients = [row.client_id, *(other.client_id for other in others)]
    lines: QuerySet[Event] = (
        trail.lines().filter(client_id__in=clients).filter(actor_id=row.user_id, at__range=(row.opened_at, row.over_at))
    )
    return history.fold(lines[:200])

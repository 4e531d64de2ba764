"""Training: one's own and, for admins, everybody's; recorded, attested, confirmed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header

from audit.doors import changes, exports, lists
from clients.views import again, me
from practice.access import colleagues, staffed_practice
from practice.files import SHUT, SORTS
from practice.models import Practice
from practice.refusals import Refused
from practice.roles import Role
from safeguards import access, actions
from safeguards.forms import TrainingForm
from safeguards.models import Training
from safeguards.rules import courses
from safeguards.sheets import Lines, standings

TONES = {"missing": "danger", "expired": "danger", "due soon": "wait", "current": "good"}
UNSHOWN = ("given_by", "content", "about", "certificate")


@lists(access.trainings, within=staffed_practice)
def training_list(request: HttpRequest, practice: Practice, trainings: QuerySet[Training]) -> HttpResponse:
    """How one's own training stands, and everybody's for admins; and what was recorded."""
    admin = me(request).holds(Role.ADMIN)
    people = list(colleagues(request.user)) if admin else [me(request)]
    rows = [{"row": row, "course": courses()[row.course]} for row in trainings.defer(*UNSHOWN)[:200] if row.course in courses()]
    stands = standings(people, request.user)
    found = {"people": [{"person": each, "stands": _toned(stands[each.pk])} for each in people], "rows": rows, "admin": admin}
    return render(request, "safeguards/training_list.html", found | {"courses": courses().values()})


def _toned(lines: Lines) -> list[tuple[object, ...]]:
    return [(*line, TONES[str(line[-1])]) for line in lines]


@changes(staffed_practice)
def training_new(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Record that oneself was trained; admins also that others were."""
    by, refusal = me(request), None
    people = list(colleagues(by)) if by.holds(Role.ADMIN) else [by]
    given = [request.POST, request.FILES] if request.method == "POST" else []
    form = TrainingForm(*given, people=people, initial={"person": str(by.pk)})
    if form.is_valid():
        try:
            said = form.cleaned_data
            row = actions.record_training(said.pop("person"), actions.Lesson(**said), by=by)
            messages.success(request, "Recorded, and it counts." if row.counts else "Recorded. It counts once the other has said so, too.")
            return redirect("training_list")
        except Refused as refused:
            refusal = refused
    return again(request, "safeguards/training_new.html", {"form": form, "refusal": refusal})


@changes(access.trainings)
def training_detail(request: HttpRequest, training: Training) -> HttpResponse:
    """One training: who says so, and its certificate; attest or confirm it."""
    what, refusal = request.POST.get("what", ""), None
    acts = {"attest": actions.attest_training, "confirm": actions.confirm_training}
    if what in acts:
        try:
            acts[what](training, by=me(request))
            messages.success(request, "Kept.")
            return redirect("training_list")
        except Refused as refused:
            refusal = refused
    sort = SORTS[training.about["sort"]].word if training.about else ""
    found = {"row": training, "course": courses().get(training.course), "sort": sort, "own": training.person_id == me(request).pk}
    return again(request, "safeguards/training_detail.html", found | {"refusal": refusal})


@exports(access.trainings)
def training_certificate(request: HttpRequest, training: Training) -> HttpResponse:
    """The certificate, under a name of ours."""
    return served(training.about, training.certificate, f"certificate-{training.held_on:%Y-%m-%d}")


def served(about: dict[str, Any] | None, content: Any, name: str) -> HttpResponse:
    """A file that was kept, as what we say it is; raises Http404 where there is none."""
    if not about:
        raise Http404
    sort = SORTS[about["sort"]]
    headers = SHUT | {"Content-Disposition": content_disposition_header(True, f"{name}{sort.extension}") or "attachment"}
    return HttpResponse(content, content_type=sort.type, headers=headers)

"""The review of safeguards: the schedule, one review with its evidence, findings and actions, and what is to be done (rulebook 13)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header

from audit.doors import changes, exports, lists
from clients.views import again, me
from practice.access import colleagues, governed_practice
from practice.files import SHUT, SORTS
from practice.models import Practice
from practice.refusals import Refused
from review import access, actions, standing
from review.forms.reviews import ActionForm, EvidenceForm, FindingsForm, HandForm, OutcomeForm
from review.models import Evidence, ReviewAction, ReviewTask
from review.schedule import kinds

# Whatever reads the bytes on the other side takes them for what we say they are, and runs nothing.


@lists(access.reviews, within=governed_practice)
def review_list(request: HttpRequest, practice: Practice, reviews: QuerySet[ReviewTask]) -> HttpResponse:
    """Every review of the schedule: its state, when it is due, who did the last one; and what is still to be done because of one."""
    found = {"rows": standing.every(request.user), "solo": actions.is_solo(), "past": standing.past(request.user)}
    return render(request, "review/review_list.html", found | {"actions": access.review_actions(request.user)})


@changes(access.reviews)
def review_detail(request: HttpRequest, task: ReviewTask) -> HttpResponse:
    """One review: what it asks for, what is there, what was found, and what comes of it."""
    what = request.POST.get("what", "")
    forms, refusal = _forms(request, task, what), None
    try:
        if request.method == "POST" and _done(request, task, what, forms.get(what)):
            return redirect("review_detail", pk=task.pk)
    except Refused as refused:
        refusal = refused
    return again(request, "review/review_detail.html", _context(request, task) | {"forms": forms, "refusal": refusal})


def _forms(request: HttpRequest, task: ReviewTask, what: str) -> dict[str, Any]:
    people = list(colleagues(request.user))

    def given(name: str) -> list[Any]:
        return [request.POST, request.FILES] if what == name else []

    return {
        "evidence": EvidenceForm(*given("evidence"), kind=task.kind),
        "complete": FindingsForm(*given("complete")),
        "action": ActionForm(*given("action"), people=people),
        "hand": HandForm(*given("hand"), people=people),
    }


def _done(request: HttpRequest, task: ReviewTask, what: str, form: Any) -> bool:
    """Do ``what`` was asked for; whether it was done."""
    by = me(request)
    if what in ("begin", "close"):
        (actions.begin_review if what == "begin" else actions.close_review)(task, by=by)
        return True
    if form is None or not form.is_valid():
        return False
    said = form.cleaned_data
    if what == "evidence":
        file = (str(said["file"].name), said["file"].read()) if said["file"] else None
        actions.record_evidence(task.kind, said["key"], said["words"], by=by, file=file, task=task)
    elif what == "hand":
        actions.hand_review(task, said["person"], by=by)
    elif what == "action":
        actions.add_review_action(task, said["words"], said["owner"], said["due_on"], by=by)
    else:
        after = actions.complete_review(task, said["findings"], by=by)
        messages.success(request, f"Completed. The next one is due {after.due_on:%-d %b %Y}.")
    return True


def _context(request: HttpRequest, task: ReviewTask) -> dict[str, Any]:
    kind, found = kinds()[task.kind], standing.state(task)
    labels, files = kind.evidence, {key: sort.word for key, sort in SORTS.items()}
    rows = access.evidence(request.user).filter(task=task).defer("content").order_by("given_at")
    held = [{"row": row, "label": labels.get(row.key, row.key), "file": files.get((row.about or {}).get("sort", ""))} for row in rows]
    return {
        "task": task, "kind": kind, "state": found, "tone": standing.TONES[found], "evidence": held, "solo": actions.is_solo(),
        "missing": actions.missing_evidence(task), "actions": task.actions.select_related("owner", "done_by").order_by("due_on"),
    }  # fmt: skip


@exports(access.evidence)
def evidence_download(request: HttpRequest, evidence: Evidence) -> HttpResponse:
    """The file of a piece of evidence, under a name of ours."""
    if not evidence.about:
        raise Http404
    sort = SORTS[evidence.about["sort"]]
    name = f"{evidence.task.kind.lower()}-{evidence.given_at:%Y-%m-%d}{sort.extension}"
    headers = SHUT | {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
    return HttpResponse(evidence.content, content_type=sort.type, headers=headers)


@changes(access.review_actions)
def review_action(request: HttpRequest, action: ReviewAction) -> HttpResponse:
    """What somebody is to do because of a review: done, and how."""
    form, refusal = OutcomeForm(request.POST if request.method == "POST" else None), None
    if form.is_valid():
        try:
            actions.finish_review_action(action, form.cleaned_data["outcome"], by=me(request))
            messages.success(request, "Done.")
            return redirect("home")
        except Refused as refused:
            refusal = refused
    kind = kinds()[action.task.kind]
    return again(request, "review/review_action.html", {"action": action, "kind": kind, "form": form, "refusal": refusal})

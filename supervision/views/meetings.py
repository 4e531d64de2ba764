"""Meetings of supervision: begun, written as notes are, signed by both, added to."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from audit import clock
from audit.doors import changes, reads
from clients.views import again, me
from practice.models import Practice
from practice.refusals import Refused
from supervision import access
from supervision.actions import meetings as actions
from supervision.forms.agreements import ShownForm
from supervision.forms.meetings import BeginForm, MeetingForm, RemarkForm
from supervision.models import Meeting
from supervision.views.agreements import posted


@changes(access.supervision_practice)
def meeting_new(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Begin the record of a meeting: who came, when, how. Sent twice, it is one."""
    by = me(request)
    led = list(access.led_agreements(by))
    mine = led or list(access.standing_agreements(by).filter(supervisee=by.pk))
    initial = {"ident": uuid4(), "date": clock.today(), "people": [str(row.pk) for row in mine] if len(mine) == 1 else []}
    form = BeginForm(posted(request), agreements=mine, of="supervisor" if led else "supervisee", initial=initial)
    refusal = None
    if form.is_valid():
        try:
            row = actions.begin(form.chosen(), form.facts(), by=by, ident=form.cleaned_data["ident"])
            return redirect("meeting_edit", pk=row.pk)
        except Refused as refused:
            refusal = refused
    return again(request, "supervision/meeting_new.html", {"form": form, "refusal": refusal, "mine": mine})


def _form(request: HttpRequest, row: Meeting, data: Any = None) -> MeetingForm:
    parts = [
        (part, list(access.cases(request.user, part.agreement))) for part in access.parts(request.user).filter(meeting=row).order_by("pk")
    ]
    return MeetingForm(data, row=row, parts=parts)


@changes(access.editable_meetings)
def meeting_edit(request: HttpRequest, row: Meeting) -> HttpResponse:
    """Write it down; the page saves by itself. "Read and sign" saves, and shows what is signed."""
    form = _form(request, row, posted(request))
    refusal, overtaken = None, False
    if form.is_bound and form.is_valid():
        try:
            actions.save_meeting(row, form.facts(), form.said(), by=me(request), version=form.cleaned_data["version"])
            return redirect("meeting_sign" if request.POST.get("then") == "sign" else "meeting_edit", pk=row.pk)
        except Refused as refused:
            refusal = refused
        except actions.Overtaken:
            overtaken = True
            data = request.POST.copy()
            data["version"] = str(row.version)
            form.data = data
    context = {"row": row, "form": form, "refusal": refusal, "overtaken": overtaken, "theirs": _theirs(request, row) if overtaken else []}
    return again(request, "supervision/meeting_edit.html", context)


def _theirs(request: HttpRequest, row: Meeting) -> list[tuple[str, str]]:
    """What stands in the meeting now, beside what was typed."""
    found = [("Topics", row.topics)]
    for part in access.parts(request.user).filter(meeting=row).order_by("pk"):
        found += [("Directives", part.directives), ("What follows", part.follow_up), ("Concerns", part.concerns)]
    return [(label, text) for label, text in found if text]


@require_POST
@changes(access.editable_meetings)
def meeting_save(request: HttpRequest, row: Meeting) -> HttpResponse:
    """What the page saves by itself: JSON with the time and the version, 409 with what stands there now, 422 with the reason."""
    form = _form(request, row, request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    try:
        actions.save_meeting(row, form.facts(), form.said(), by=me(request), version=form.cleaned_data["version"])
    except Refused as refused:
        return JsonResponse({"errors": {"": [refused.words]}, "rule": refused.rule}, status=422)
    except actions.Overtaken:
        return render(request, "supervision/_meeting_conflict.html", {"row": row, "theirs": _theirs(request, row)}, status=409)
    return JsonResponse({"saved": f"{timezone.localtime(row.saved_at):%H:%M}", "fields": {"version": str(row.version)}})


@reads(access.meetings)
def meeting_detail(request: HttpRequest, row: Meeting) -> HttpResponse:
    """One meeting: what all share, one's own part (the supervisor reads each), who signed, what was added."""
    return _detail(request, row)


def _detail(request: HttpRequest, row: Meeting, refusal: Refused | None = None) -> HttpResponse:
    user = me(request)
    parts = list(access.parts(user).filter(meeting=row).prefetch_related("signatures__person", "remarks__author").order_by("pk"))
    context: dict[str, Any] = {
        "row": row, "refusal": refusal, "shown": actions.seen_hash(row, by=user).hex(),
        "parts": [{"part": part, "codes": actions.codes_of(part)} for part in parts], "leads": row.supervisor_id == user.pk,
        "edits": access.editable_meetings(user).filter(pk=row.pk).exists(),
        "signs": access.signable_meetings(user).filter(pk=row.pk).exists(),
        "adds": access.amendable_meetings(user).filter(pk=row.pk).exists(),
    }  # fmt: skip
    return again(request, "supervision/meeting_detail.html", context)


@changes(access.signable_meetings)
def meeting_sign(request: HttpRequest, row: Meeting) -> HttpResponse:
    """Read it as it will stand, and sign; with the first signature it changes no more."""
    if request.method != "POST":
        return _detail(request, row)
    form = ShownForm(request.POST)
    try:
        actions.sign(row, by=me(request), shown=str(form.cleaned_data["shown"]) if form.is_valid() else "")
    except Refused as refused:
        return _detail(request, row, refused)
    messages.success(request, "Signed. What comes later is an addendum.")
    return redirect("meeting_detail", pk=row.pk)


@changes(access.amendable_meetings)
def meeting_remark(request: HttpRequest, row: Meeting) -> HttpResponse:
    """Add to a signed meeting."""
    form = RemarkForm(posted(request), parts=access.parts(request.user).filter(meeting=row))
    refusal = None
    if form.is_valid():
        try:
            part, text, ident = form.about()
            actions.remark(part, text, by=me(request), ident=ident)
            messages.success(request, "Added.")
            return redirect("meeting_detail", pk=row.pk)
        except Refused as refused:
            refusal = refused
    return again(request, "supervision/meeting_remark.html", {"row": row, "form": form, "refusal": refusal})

"""Random samples of a supervisee's signed notes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from audit.doors import changes, reads
from clients.views import again, me
from practice.refusals import Refused
from supervision import access
from supervision.actions import samples as actions
from supervision.forms.papers import LookForm, SampleForm
from supervision.models import Agreement, Sample, Sampled
from supervision.views.agreements import posted


@changes(access.led_agreements)
def sample_new(request: HttpRequest, row: Agreement) -> HttpResponse:
    """Draw some signed notes by chance. The draw stays, whatever comes out."""
    form, refusal = SampleForm(posted(request)), None
    if form.is_valid():
        try:
            said = form.cleaned_data
            found = actions.draw(row, *form.days(), said["size"], said["reason"], by=me(request))
            return redirect("sample_detail", pk=found.pk)
        except Refused as refused:
            refusal = refused
    before = access.samples(request.user).filter(agreement=row).defer("reason")
    return again(request, "supervision/sample_new.html", {"row": row, "form": form, "refusal": refusal, "before": before})


@reads(access.samples)
def sample_detail(request: HttpRequest, sample: Sample) -> HttpResponse:
    """One draw: of which days, why, and each note with what was said to it."""
    user = me(request)
    notes = list(access.sampled(user).filter(sample=sample))
    again_of = access.samples(user).filter(
        agreement=sample.agreement_id, begins__lte=sample.ends, ends__gte=sample.begins, drawn_at__lt=sample.drawn_at
    )
    context: dict[str, Any] = {
        "sample": sample, "row": sample.agreement, "notes": notes, "leads": sample.agreement.supervisor_id == user.pk, "form": LookForm(),
        "hidden": sample.notes.count() - len(notes), "before": again_of.count(),
    }  # fmt: skip
    return again(request, "supervision/sample_detail.html", context)


@changes(access.unseen_sampled)
def sample_look(request: HttpRequest, found: Sampled) -> HttpResponse:
    """Write down that one looked at a note, and what one says to it."""
    form = LookForm(request.POST)
    if request.method == "POST" and form.is_valid():
        actions.look(found, form.cleaned_data["remark"], by=me(request))
        messages.success(request, "Written down.")
    elif request.method == "POST":
        return again(
            request,
            "supervision/sample_detail.html",
            {"sample": found.sample, "row": found.agreement, "notes": [found], "leads": True, "form": form},
        )
    return redirect("sample_detail", pk=found.sample_id)

"""A list as it stands now, kept as evidence of the review that asks for it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from audit.doors import changes
from clients.views import again, me
from practice.access import governed_practice
from practice.models import Practice
from practice.refusals import Refused
from safeguards import actions
from safeguards.forms import EvidenceForm


@changes(governed_practice)
def list_evidence(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Keep it: devices and software (REV-6), agreements (REV-8), who was trained (REV-10)."""
    form, refusal = EvidenceForm(request.POST if request.method == "POST" else None), None
    if form.is_valid():
        try:
            actions.keep_evidence(form.cleaned_data["rule"], by=me(request))
            messages.success(request, "Kept as evidence of the review that comes next.")
            return redirect("review_list")
        except Refused as refused:
            refusal = refused
    return again(request, "safeguards/list_evidence.html", {"form": form, "refusal": refusal})

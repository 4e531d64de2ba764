"""Sessions that were held without a consent: somebody other than who decided looks at the reason (IC-23)."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit import doors
from audit.doors import changes, lists
from clients.views import me
from consent import access, actions
from consent.forms.sending import ReviewForm
from consent.models import Override
from consent.requirements import HOW
from practice.access import staffed_practice
from practice.models import Practice
from practice.refusals import Refused

from .home import override_rows


@lists(access.overrides_to_review, within=staffed_practice)
def override_queue(request: HttpRequest, practice: Practice, overrides: QuerySet[Override]) -> HttpResponse:
    """What waits for a review, the oldest first; reasons are opened one by one."""
    rows = override_rows(overrides)
    doors.shown([row["client"] for row in rows])
    return render(request, "consent/override_queue.html", {"rows": rows})


@changes(access.overrides_to_review)
def override_review(request: HttpRequest, override: Override) -> HttpResponse:
    """One override with its reason; what the reviewer finds is final."""
    form, refusal = ReviewForm(request.POST or None), None
    if form.is_valid():
        try:
            actions.review_override(override, by=me(request), upheld=form.cleaned_data["upheld"] == "yes")
            messages.success(request, "Reviewed.")
            return redirect("override_queue")
        except Refused as refused:
            refusal = refused
    found = {"override": override, "client": override.client, "form": form, "refusal": refusal, "how": HOW[override.modality]}
    return render(request, "consent/override_review.html", found, status=422 if form.is_bound else 200)

"""The portal: a client reports what concerns them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from audit.doors import changes
from clients.views import again, me
from practice.access import portal_practice
from practice.models import Practice
from practice.refusals import Refused

from . import actions
from .forms.incidents import ReportForm

THANKS = "Thank you. The practice's privacy officers have it now, and will come back to you."


@changes(portal_practice)
def portal_report(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Something went wrong with what is kept about oneself: say so, in three answers."""
    form, refusal = ReportForm(request.POST if request.method == "POST" else None), None
    if form.is_valid():
        try:
            actions.report(by=me(request), source=("portal", None), **form.cleaned_data)
            messages.success(request, THANKS)
            return redirect("portal_home")
        except Refused as refused:
            refusal = refused
    return again(request, "breaches/portal_report.html", {"form": form, "refusal": refusal})

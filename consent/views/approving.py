"""Approving a version and putting it in force."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit.doors import changes
from clients.views import me
from consent import access, actions
from consent.checks import checklist
from consent.forms.papers import ApprovalForm
from consent.models import Version
from consent.shelf import clients_on
from practice.factors import reauthenticated
from practice.refusals import Refused

from .versions import about, compared, earlier, read


@changes(access.governed_versions)
@reauthenticated
def version_approve(request: HttpRequest, version: Version) -> HttpResponse:
    """The practice says that it has reviewed the words, and whether the change is material. From then on they stand."""
    if version.state != Version.State.DRAFT:
        return redirect("form_detail", version.form_id)
    former = _in_force(request, version)
    form = ApprovalForm(request.POST if request.method == "POST" else None, initial={"revision": version.revision}, earlier=bool(former))
    refusal = None
    if form.is_valid():
        try:
            _approve(request, version, form.cleaned_data)
            messages.success(request, "Approved: these words stand. Put the version in force when it should be used.")
            return redirect("version_publish", version.pk)
        except Refused as refused:
            refusal = refused
    found = about(version) | read(version.text) | {
        "fields": form, "refusal": refusal, "points": checklist(version.form, version.text), "former": former,
        "changes": compared(former, version),
    }  # fmt: skip
    return render(request, "consent/version_approve.html", found, status=422 if form.is_bound else 200)


def _in_force(request: HttpRequest, version: Version) -> Version | None:
    """The version that this one takes the place of: the one in force in its language."""
    return earlier(request, version).filter(state=Version.State.IN_FORCE).first()


def _approve(request: HttpRequest, version: Version, said: dict[str, Any]) -> None:
    """Approve exactly the revision that the page showed. Raises Refused where it was saved since, or misses something."""
    judged = {"material": said.get("material", False), "what_changed": said.get("what_changed", "")}
    actions.save_version(version, by=me(request), revision=said["revision"], title=version.title, text=version.text, **judged)
    actions.approve(version, by=me(request))


@changes(access.governed_versions)
@reauthenticated
def version_publish(request: HttpRequest, version: Version) -> HttpResponse:
    """Put an approved version in force, after seeing what changes and how many clients signed an earlier one."""
    if version.state != Version.State.APPROVED:
        return redirect("form_detail", version.form_id)
    former = _in_force(request, version)
    if request.method == "POST":
        actions.put_in_force(version, by=me(request))
        messages.success(request, "In force: this is what clients are shown from now on.")
        return redirect("campaign_page", version.pk) if version.material else redirect("form_detail", version.form_id)
    found = about(version) | {"former": former, "changes": compared(former, version), "clients": _behind(request, version)}
    return render(request, "consent/version_publish.html", found)


def _behind(request: HttpRequest, version: Version) -> int:
    """How many clients have an earlier version in force."""
    numbers = clients_on(request.user)
    return sum(numbers.get(each.pk, 0) for each in earlier(request, version))

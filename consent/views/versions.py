"""One version of a form: looking at it as the client does, comparing it, and writing it. Approving is next door."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from audit.doors import changes, reads
from clients.views import me
from consent import access, actions, shipped
from consent.changes import Changed
from consent.changes import changes as compare
from consent.checks import checklist, gaps
from consent.clauses import PLACEHOLDERS, Clause, Unreadable, clauses, filled, unknown_placeholders
from consent.forms.papers import VersionForm
from consent.languages import named
from consent.models import Version
from consent.naming import sample_names
from practice.refusals import Refused

from .forms import governs

# --- reading ------------------------------------------------------------------------------------------------------------


@reads(access.versions)
def version_preview(request: HttpRequest, version: Version) -> HttpResponse:
    """A version as a client sees it, with invented names; as wide as here, or as a phone."""
    found = about(version) | read(version.text) | {"phone": request.GET.get("as") == "phone", "governs": governs(request)}
    return render(request, "consent/version_preview.html", found)


@reads(access.versions)
def version_compare(request: HttpRequest, version: Version) -> HttpResponse:
    """What changed from an earlier version (``?with=`` its number; else the one before) to this one, clause by clause."""
    others = list(earlier(request, version))
    wanted = request.GET.get("with", "")
    other = next((each for each in others if str(each.number) == wanted), others[0] if others else None)
    found = about(version) | {"earlier": others, "other": other, "changes": compared(other, version)}
    return render(request, "consent/version_compare.html", found)


def earlier(request: HttpRequest, version: Version) -> QuerySet[Version]:
    """The versions before this one in its language, the latest first."""
    return access.versions(request.user).filter(form=version.form_id, language=version.language, number__lt=version.number)


def compared(before: Version | None, after: Version) -> list[Changed]:
    """What changed from ``before``; nothing where there is none, or one of the two cannot be read."""
    try:
        return compare(before.text, after.text) if before else []
    except Unreadable:
        return []


def about(version: Version) -> dict[str, Any]:
    """What every page about a version knows."""
    return {"version": version, "form": version.form, "language": named(version.language)}


def read(text: str) -> dict[str, Any]:
    """``text`` for a page: its ``clauses`` with invented names filled in, or what is ``wrong`` with it; ``gaps``, and unknown names."""
    found: list[Clause] = []
    wrong = ""
    try:
        found = clauses(filled(text, sample_names()))
    except Unreadable as unreadable:
        wrong = str(unreadable)
    return {"clauses": found, "wrong": wrong, "gaps": gaps(text), "unknown": unknown_placeholders(text)}


# --- writing ------------------------------------------------------------------------------------------------------------


@changes(access.governed_versions)
def version_edit(request: HttpRequest, version: Version) -> HttpResponse:
    """Write a draft: save, look at it, or add the shipped words for what the checklist misses. None of it needs JavaScript."""
    if version.state != Version.State.DRAFT:
        return redirect("version_preview", version.pk)
    if request.method != "POST":
        stored = {"revision": version.revision, "title": version.title, "text": version.text}
        return _editor(request, version, VersionForm(initial=stored), version.text)
    form = VersionForm(request.POST)
    if not form.is_valid():
        return _editor(request, version, form, "", status=422)
    then = request.POST.get("then", "")
    if then == "preview":
        return _editor(request, version, form, form.cleaned_data["text"], looking=True)
    if then.startswith("add:"):
        return _with_clause(request, version, form, then.removeprefix("add:"))
    return _saved(request, version, form, then)


def _saved(request: HttpRequest, version: Version, form: VersionForm, then: str) -> HttpResponse:
    try:
        _save(request, version, form)
    except Refused:  # the row is locked, and it was a draft just now: somebody saved it in between
        return _conflict(request, version, form)
    messages.success(request, "Saved.")
    return redirect("version_approve" if then == "approve" else "version_edit", version.pk)


def _save(request: HttpRequest, version: Version, form: VersionForm) -> None:
    kept: dict[str, Any] = {"material": version.material, "what_changed": version.what_changed}
    actions.save_version(version, by=me(request), **form.cleaned_data, **kept)


def _conflict(request: HttpRequest, version: Version, form: VersionForm) -> HttpResponse:
    """Both texts; what was typed stays in the fields, and saving again puts it on top of the other."""
    text = form.cleaned_data["text"]
    mine = VersionForm(form.cleaned_data | {"revision": version.revision})
    mine.is_valid()
    return _editor(request, version, mine, text, status=409, conflict={"mine": text, "theirs": version.text})


def _with_clause(request: HttpRequest, version: Version, form: VersionForm, key: str) -> HttpResponse:
    """The page with the shipped clause for ``key`` at the end of the text; nothing is saved yet."""
    template = shipped.template(version.form.shipped_as, version.language)
    text, clause = form.cleaned_data["text"], template.clause_for(key) if template else ""
    if clause:
        text = f"{text.rstrip()}\n\n{clause}".lstrip()
    return _editor(request, version, VersionForm(initial=form.cleaned_data | {"text": text}), text, added=bool(clause))


def _editor(
    request: HttpRequest, version: Version, form: VersionForm, text: str, *, status: int = 200, looking: bool = False, **more: Any
) -> HttpResponse:
    found = about(version) | read(text) | _checked(version, text) | {"fields": form, "looking": looking, **more}
    if request.headers.get("HX-Request"):
        return render(request, "consent/_version_look.html", found)
    return render(request, "consent/version_edit.html", found | {"placeholders": PLACEHOLDERS.items()}, status=status)


def _checked(version: Version, text: str) -> dict[str, Any]:
    """The checklist of the form's kind for ``text``, and for which of its points we have words to offer."""
    points = checklist(version.form, text)
    template = shipped.template(version.form.shipped_as, version.language)
    missing = [point.element.key for point in points if not point.said]
    offered = {key for key in missing if template and template.clause_for(key)}
    return {"points": points, "covered": len(points) - len(missing), "offered": offered}


@require_POST
@changes(access.governed_versions)
def version_save(request: HttpRequest, version: Version) -> HttpResponse:
    """What the page saves by itself: JSON with the time and the new revision, 409 with both texts, 422 with the reason."""
    form = VersionForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    text = form.cleaned_data["text"]
    if (version.text, version.title) == (text, form.cleaned_data["title"]):
        return _told(version)  # sent twice, its first answer lost
    try:
        _save(request, version, form)
    except Refused as refusal:
        if version.state != Version.State.DRAFT:
            return JsonResponse({"errors": {"": [refusal.words]}, "rule": refusal.rule}, status=422)
        both = {"conflict": {"mine": text, "theirs": version.text}}
        return render(request, "consent/_version_conflict.html", about(version) | both, status=409)
    return _told(version)


def _told(version: Version) -> HttpResponse:
    return JsonResponse({"saved": f"{timezone.localtime(version.written_at):%H:%M}", "fields": {"revision": str(version.revision)}})

"""Formats: another one for a draft, and what the practice offers and asks of notes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit.doors import changes
from clients.views import me
from practice.access import current_supervisions, governed_practice, staff
from practice.models import Practice, User
from practice.refusals import Refused
from records import access, actions
from records.forms import CosignRuleForm, FormatForm, RulesForm, offered
from records.kinds import moves
from records.models import Note

from .frame import inside


@changes(access.editable_notes)
def note_format(request: HttpRequest, note: Note) -> HttpResponse:
    """Shows for each format offered where the words of the draft would go; POST moves them there. None is lost."""
    choices = [choice for choice in offered(actions.rules()) if choice[0] != note.format]
    form = FormatForm(request.POST if request.method == "POST" else None, offered=choices)
    refusal: Refused | None = None
    if form.is_valid():
        try:
            actions.change_format(note, form.cleaned_data["format"], by=me(request), version=form.cleaned_data["version"])
            messages.success(request, "The format is changed, and every word was kept.")
            return redirect("note_edit", note.pk)
        except Refused as refused:
            refusal = refused
        except actions.Conflict:
            refusal = Refused("", "This draft was saved somewhere else since this page was shown. Nothing was moved: look, then choose.")
    found = inside(note.client) | {"note": note, "choices": _mappings(note, choices), "form": form, "refusal": refusal}
    return render(request, "records/note_format.html", found, status=422 if form.is_bound else 200)


def _mappings(note: Note, choices: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """For each format: where each part that has words goes."""
    written = {key for key, text in note.content.items() if text.strip()}

    def to(form: str) -> list[tuple[str, str]]:
        return [(old.heading, new.heading) for old, new in moves(note.format, form) if old.key in written]

    return [{"value": value, "label": label, "moves": to(value)} for value, label in choices]


@changes(governed_practice)
def format_settings(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Which formats the practice offers, and what needs a co-signature: of everybody supervised here, of single people next door."""
    rules = actions.rules()
    initial = {name: getattr(rules, name) for name in ("formats", "default_format", "cosign_kinds", "cosign_days")}
    form = RulesForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        actions.set_rules(practice, by=me(request), **form.cleaned_data)
        messages.success(request, "Saved. It holds for notes begun or signed from now on.")
        return redirect("format_settings")
    people = current_supervisions(request.user).select_related("supervisor", "supervisee")
    own = {rule.supervisee_id: len(rule.kinds) for rule in access.cosign_rules()}
    rows = [{"person": row.supervisee, "supervisor": row.supervisor, "kinds": own.get(row.supervisee_id, 0)} for row in people]
    return render(request, "records/format_settings.html", {"form": form, "rows": rows}, status=422 if form.is_bound else 200)


@changes(staff)
def cosign_rule(request: HttpRequest, person: User) -> HttpResponse:
    """Which kinds of note of one person need a co-signature."""
    row = access.cosign_rules().filter(supervisee=person).first()
    form = CosignRuleForm(request.POST if request.method == "POST" else None, initial={"kinds": row.kinds if row else []})
    if form.is_valid():
        actions.set_cosign_rule(person, form.cleaned_data["kinds"], by=me(request))
        messages.success(request, "Saved. It holds for notes signed from now on.")
        return redirect("format_settings")
    return render(request, "records/cosign_rule.html", {"form": form, "person": person}, status=422 if form.is_bound else 200)

"""Snippets: the list, keeping and changing one's own, and what the editor offers of them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from audit import clock
from audit.doors import changes, lists
from clients.models import Client
from clients.views import me
from practice import open_room
from practice.models import Practice
from practice.refusals import Refused
from records import access, actions
from records.forms import SnippetForm
from records.models import Note, Snippet

GAP = "___"
MOST = 100


@lists(access.usable_snippets, within=access.writing_practice)
def snippet_list(request: HttpRequest, practice: Practice, snippets: QuerySet[Snippet]) -> HttpResponse:
    """One's own snippets, and those that colleagues share."""
    rows = [{"row": row, "mine": row.owner_id == request.user.pk} for row in snippets[:MOST]]
    return render(request, "records/snippet_list.html", {"rows": rows})


@changes(access.writing_practice)
def snippet_new(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Keep a new snippet. Sent twice, it is kept once."""
    form = SnippetForm(request.POST if request.method == "POST" else None, initial={"ident": uuid4()})
    refusal = None
    if form.is_valid():
        try:
            actions.keep_snippet(by=me(request), **form.cleaned_data)
            messages.success(request, "Kept.")
            return redirect("snippet_list")
        except Refused as refused:
            refusal = refused
    found = {"form": form, "refusal": refusal}
    return render(request, "records/snippet_new.html", found, status=422 if form.is_bound else 200)


@changes(access.own_snippets)
def snippet_edit(request: HttpRequest, snippet: Snippet) -> HttpResponse:
    """Change one's own snippet, or take it away."""
    if request.method == "POST" and request.POST.get("then") == "remove":
        actions.remove_snippet(snippet, by=me(request))
        messages.success(request, "Removed.")
        return redirect("snippet_list")
    stored = {"name": snippet.name, "text": snippet.text, "shared": snippet.shared}
    form = SnippetForm(request.POST if request.method == "POST" else None, initial=stored)
    if form.is_valid():
        actions.change_snippet(snippet, by=me(request), **{name: form.cleaned_data[name] for name in stored})
        messages.success(request, "Saved.")
        return redirect("snippet_list")
    return render(request, "records/snippet_edit.html", {"form": form, "snippet": snippet}, status=422 if form.is_bound else 200)


# --- in the editor ------------------------------------------------------------------------------------------------------


def filled(request: HttpRequest, note: Note) -> list[dict[str, Any]]:
    """The snippets for the writer of ``note``, their placeholders filled in."""
    rows = list(access.usable_snippets(request.user)[:MOST])
    words = _words(request, note) if rows else {}
    return [{"id": row.pk, "name": row.name, "text": _fill(row.text, words)} for row in rows]


def _words(request: HttpRequest, note: Note) -> dict[str, str]:
    """What each placeholder stands for here; a gap where nothing is known."""
    session = note.session
    then = access.next_session(request.user, note.client)
    return {
        "{client}": _calling(note.client),
        "{date}": f"{timezone.localtime(session.starts_at if session else clock.now()):%-d %b %Y}",
        "{next}": f"{timezone.localtime(then.starts_at):%-d %b %Y, %H:%M}" if then else GAP,
    }


def _calling(client: Client) -> str:
    """What the client is called to their face; the code while others may see the screen."""
    return client.code if open_room.is_on() else str(client.preferred_name or client.given_name)


def _fill(text: str, words: dict[str, str]) -> str:
    for placeholder, word in words.items():
        text = text.replace(placeholder, word)
    return text

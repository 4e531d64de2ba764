"""Searching in the notes of one's own caseload. What is typed stands in no address, no log and no line of the trail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string

from audit.doors import continued, lists, shown
from audit.models import Act
from clients.access import readable_clients, whole
from clients.models import Client
from clients.paging import after, key_of
from practice.models import Practice
from records import access
from records.forms.search import NoteSearchForm
from records.models import Note
from records.search import Scan

ORDER = ("-dated", "-pk")
PAGE = "records/note_search.html"
HERE = "<!-- what was found -->"  # in the page, where the results are put; what was typed is escaped and cannot say this


@lists(access.searchable_notes, within=access.searching_practice)
def note_search(request: HttpRequest, practice: Practice, notes: QuerySet[Note]) -> HttpResponseBase:
    """POST searches. The page goes out at once; the results follow when the lines that name them are written."""
    clients = readable_clients(request.user)
    if request.method != "POST":
        return _empty(request, _form(request, initial={"client": _code(request, clients)}))
    form = _form(request, request.POST)
    if not form.is_valid():
        return _empty(request, form, status=422)
    sorry = render_to_string("records/_search_failed.html", request=request)
    steps = continued(_steps(request, form, notes), act=Act.LIST, model=Note, part="note_search", sorry=sorry)
    return StreamingHttpResponse(steps)


def _form(request: HttpRequest, *given: Any, **more: Any) -> NoteSearchForm:
    return NoteSearchForm(
        *given, clients=readable_clients(request.user), whole=lambda found: whole(found, readable_clients, request.user), **more
    )


def _empty(request: HttpRequest, form: NoteSearchForm, status: int = 200) -> HttpResponse:
    return render(request, PAGE, {"form": form}, status=status)


def _code(request: HttpRequest, clients: QuerySet[Client]) -> str:
    """The code of the client from whose record one comes; nothing where the address names none of one's own."""
    try:
        client = clients.filter(pk=UUID(request.GET.get("client", ""))).first()
    except ValueError:
        return ""
    if client is None:
        return ""
    shown([client])
    return client.code


def _steps(request: HttpRequest, form: NoteSearchForm, notes: QuerySet[Note]) -> Iterator[str]:
    before, behind = render_to_string(PAGE, {"form": form, "searching": True}, request).split(HERE)
    yield before
    asked = form.cleaned_data
    scan = Scan(asked["words"]).run(after(notes.filter(form.conditions), order=ORDER, key=asked["further"]))
    yield render_to_string("records/_search_found.html", _found(request, form, scan), request) + behind


def _found(request: HttpRequest, form: NoteSearchForm, scan: Scan) -> dict[str, Any]:
    """What the results say: each match with its note, how far back was searched, and the key that leads on."""
    idents = [match.ident for match in scan.matches]
    notes = {note.pk: note for note in access.readable_notes(request.user).filter(pk__in=idents).defer("content", "session__place")}
    for match in scan.matches:
        match.note = notes.get(match.ident)
    further = key_of(scan.last, ORDER) if scan.last and not scan.ended else ""
    return {
        "matches": [match for match in scan.matches if match.note], "form": form, "further": further,
        "back_to": getattr(scan.last, "dated", None), "going_on": bool(form.cleaned_data["further"]),
    }  # fmt: skip

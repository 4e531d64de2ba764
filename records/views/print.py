"""On paper: a note, and a part of a record, to print or as PDF. Each is an export, with a line of its own on the trail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header

from audit.doors import exports, leaves, reads
from clients.access import merges, readable_clients
from clients.models import Client
from clients.views import rows_of, under_kept
from practice import factors, pdf
from practice.access import staffed_practice
from practice.models import Practice
from practice.refusals import Refused
from records import access
from records.forms.paper import ChartForm, fresh_chart
from records.models import Note
from records.paper import chart_paper, note_paper

from .frame import inside

MOST_NOTES = 200  # on one paper
MOST_LETTERS = 1_000_000  # some 350 pages, set in a few seconds


def _practice(request: HttpRequest) -> Practice:
    return staffed_practice(request.user).get()


def _download(made: bytes, name: str) -> HttpResponse:
    header = content_disposition_header(True, name)
    return HttpResponse(made, content_type="application/pdf", headers={"Content-Disposition": header})


# --- a note -------------------------------------------------------------------------------------------------------------


def _note_paper(request: HttpRequest, note: Note) -> dict[str, Any]:
    addenda = note.addenda.select_related("author", "note").order_by("signed_at", "pk")
    return note_paper(note, addenda, by=request.user, practice=_practice(request))  # type: ignore[arg-type]  # signed in


@exports(access.readable_notes)
def note_pdf(request: HttpRequest, note: Note) -> HttpResponse:
    """A note as PDF, under a name that says nothing of anybody."""
    return _download(pdf.press("note", _note_paper(request, note)), "note.pdf")


@exports(access.readable_notes)
def note_print(request: HttpRequest, note: Note) -> HttpResponse:
    """A note as it is printed: opening this page is told as an export, since what the browser prints cannot be seen."""
    return render(request, "records/note_print.html", inside(note.client) | {"note": note, "paper": _note_paper(request, note)})


# --- a part of a record -------------------------------------------------------------------------------------------------


@reads(readable_clients)
@under_kept(readable_clients)
@factors.reauthenticated
def chart_choose(request: HttpRequest, client: Client) -> HttpResponse:
    """Choose the notes and the days; what is chosen is sent by POST. Asks for a fresh confirmation first (attack 86)."""
    return _choice(request, client, ChartForm(initial=fresh_chart()))


def _choice(request: HttpRequest, client: Client, form: ChartForm, refusal: Refused | None = None) -> HttpResponse:
    found = inside(client) | {"form": form, "refusal": refusal}
    return render(request, "records/chart_choose.html", found, status=422 if form.is_bound else 200)


@exports(readable_clients, posted=True)
def chart_pdf(request: HttpRequest, client: Client) -> HttpResponse:
    """A part of the record as PDF. The client's line is written first, then one for each note, then the first byte is sent."""
    return _on_paper(request, client, lambda paper: _download(pdf.press("chart", paper), "record.pdf"))


@exports(readable_clients, posted=True)
def chart_print(request: HttpRequest, client: Client) -> HttpResponse:
    """A part of the record as it is printed, told like the PDF."""
    return _on_paper(request, client, lambda paper: render(request, "records/chart_print.html", inside(client) | {"paper": paper}))


def _on_paper(request: HttpRequest, client: Client, put: Callable[[dict[str, Any]], HttpResponse]) -> HttpResponse:
    """What was chosen, ``put`` on paper, with a line for each of its notes; or the form again, and why."""
    if not factors.is_fresh(request):
        return redirect("chart_choose", client.pk)  # asks, and comes back
    form = ChartForm(request.POST)
    if not form.is_valid():
        return _choice(request, client, form)
    try:
        notes = _chosen_notes(request, client, form)
        answer = put(_chart_paper(request, client, form, notes))
    except Refused as refusal:
        return _choice(request, client, form, refusal)
    leaves(notes)
    return answer


def _chosen_notes(request: HttpRequest, client: Client, form: ChartForm) -> list[Note]:
    notes = access.charted_notes(request.user).filter(
        client__in=rows_of(request, client, readable_clients), kind__in=form.cleaned_data["kinds"]
    )
    found = list(notes.filter(**_within(form, "dated"))[: MOST_NOTES + 1])
    if len(found) > MOST_NOTES:
        raise _too_long()
    return found


def _chart_paper(request: HttpRequest, client: Client, form: ChartForm, notes: list[Note]) -> dict[str, Any]:
    chosen = form.cleaned_data
    rows = rows_of(request, client, readable_clients)
    met = access.charted_sessions(request.user).filter(client__in=rows, **_within(form, "starts_at"))
    paper = chart_paper(
        client,
        also=_codes(request, client) if len(rows) > 1 else [],
        since=chosen["since"],
        until=chosen["until"],
        sessions=met if chosen["sessions"] else None,
        notes=notes if chosen["kinds"] else None,
        documents=access.charted_documents(request.user).filter(client__in=rows, **_within(form, "added_at")),
        by=request.user,  # type: ignore[arg-type]  # signed in
        practice=_practice(request),
    )
    if sum(map(_letters, paper["notes"] or ())) > MOST_LETTERS:
        raise _too_long()
    return paper


def _codes(request: HttpRequest, client: Client) -> list[str]:
    return [merge.duplicate.code for merge in merges(readable_clients, request.user).filter(kept=client.pk)]


def _within(form: ChartForm, moment: str) -> dict[str, Any]:
    start, end = form.span()
    return {f"{moment}__gte": start, f"{moment}__lt": end}


def _letters(note: dict[str, Any]) -> int:
    return sum(len(piece["text"]) for piece in (*note["parts"], *note["addenda"]))


def _too_long() -> Refused:
    words = f"This is more than {MOST_NOTES} notes, or some 350 pages."
    return Refused("", words, "Choose fewer days or fewer kinds of notes, and make several papers of it.")

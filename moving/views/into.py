"""Moving in: the file, its columns with a preview, what would be wrong, bringing it in step by step, and the rows that were wrong."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from audit import sheet
from audit.doors import changes, exports, reads, shown
from clients.views import again, me
from moving import access, actions
from moving.columns import COLUMNS, guessed, systems
from moving.forms.into import ColumnsForm, FileForm, PartForm
from moving.models import MoveIn
from practice.models import Practice, User
from practice.refusals import Refused

SHOWN = 20  # wrong rows on the page; all of them are in the download
PREVIEW = 5
LISTED = 200  # charts on the page


@changes(access.bringing_practice)
def move_in_new(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Bring a file. It is sealed at once, and nobody else can read it."""
    form = FileForm(*((request.POST, request.FILES) if request.method == "POST" else ()), by=me(request))
    refusal = None
    if form.is_valid():
        try:
            row = _brought(form, me(request))
            return redirect("move_in_columns" if row.state == row.State.MAPPING else "move_in_detail", pk=row.pk)
        except Refused as refused:
            refusal = refused
    context = {
        "form": form,
        "refusal": refusal,
        "most": settings.UPLOAD_BYTES,
        "people": [{"name": me(request).name, "role": "you"}],
        "rows": access.moves_in(request.user).defer("about")[:SHOWN],
    }
    return again(request, "moving/move_in_new.html", context)


def _brought(form: FileForm, by: User) -> MoveIn:
    said, coming = form.cleaned_data, form.announced()
    if coming:
        return actions.announce(coming, by=by)
    return actions.begin(said["kind"], said["system"], said["file"].name, said["file"].read(), by=by, drafts=said.get("drafts", False))


@changes(access.coming_moves_in)
def move_in_part(request: HttpRequest, row: MoveIn) -> HttpResponse:
    """A part of a large file. The answer is how much is here, so that a page that was cut off knows where to go on."""
    form = PartForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if not form.is_valid():
        return JsonResponse({"here": row.about["here"]}, status=422 if form.is_bound else 200)
    try:
        here = actions.receive(row, form.cleaned_data["offset"], form.cleaned_data["part"].read(), by=me(request))
    except Refused as refused:
        return JsonResponse({"here": row.about["here"], "words": f"{refused.words} {refused.todo}"}, status=409)
    return JsonResponse({"here": here})


@changes(access.open_moves_in)
def move_in_columns(request: HttpRequest, row: MoveIn) -> HttpResponse:
    """Which column is what, with the first rows beside it."""
    if "heads" not in row.about or row.done:
        return redirect("move_in_detail", pk=row.pk)
    offered = row.about.get("columns") or guessed(row.kind, row.system, row.about["heads"])
    form, refusal = ColumnsForm(request.POST if request.method == "POST" else None, row=row, guessed=offered), None
    if form.is_valid():
        try:
            actions.choose(row, form.columns(), form.cleaned_data["dates"], by=me(request))
            return redirect("move_in_detail", pk=row.pk)
        except Refused as refused:
            refusal = refused
    context = {"row": row, "form": form, "refusal": refusal, "knows": systems()[row.system].knows(row.kind), "preview": _preview(row)}
    return again(request, "moving/move_in_columns.html", context)


def _preview(row: MoveIn) -> dict[str, Any]:
    found = actions.sheet_of(row)
    heads = found.heads[:8]
    return {
        "heads": heads,
        "rows": [[(head, cell[:60]) for head, cell in zip(heads, cells, strict=False)] for cells in found.rows[:PREVIEW]],
    }


@reads(access.moves_in)
def move_in_detail(request: HttpRequest, row: MoveIn) -> HttpResponse:
    """One file: what came of it so far, what is wrong, and the next step."""
    return _detail(request, row)


def _detail(request: HttpRequest, row: MoveIn, refusal: Refused | None = None, wrong: list[tuple[int, str]] | None = None) -> HttpResponse:
    context: dict[str, Any] = {
        "row": row, "refusal": refusal, "wrong": wrong, "faults": list(row.faults.all()[:SHOWN]), "running": row.state == row.State.RUNNING,
        "whose": _whose(request, row), "is_open": access.open_moves_in(request.user).filter(pk=row.pk).exists(), "columns": _chosen(row),
        "coming": row.state == row.State.COMING, "about": row.about,
    }  # fmt: skip
    return again(request, "moving/move_in_detail.html", context)


def _whose(request: HttpRequest, row: MoveIn) -> dict[str, Any] | None:
    """Before charts are brought in: which file goes to whom, by code, and which to nobody."""
    if row.kind != row.Kind.CHARTS or row.state != row.State.READY or row.gone_at:
        return None
    found = actions.matched(row, by=me(request))
    theirs = [(name, client) for name, client in found.items() if not isinstance(client, str)]
    shown([client.pk for _, client in theirs])
    return {
        "theirs": theirs[:LISTED],
        "many": len(theirs),
        "nobodys": [(name, why) for name, why in found.items() if isinstance(why, str)][:LISTED],
    }


def _chosen(row: MoveIn) -> list[tuple[str, str]]:
    chosen = row.about.get("columns", {})
    return [(column.label, chosen[column.key]) for column in COLUMNS.get(row.kind, ()) if column.key in chosen]


@changes(access.open_moves_in)
def move_in_try(request: HttpRequest, row: MoveIn) -> HttpResponse:
    """A dry run: the first rows are brought in, looked at, and all of it is taken back."""
    if request.method != "POST" or row.state != row.State.READY:
        return redirect("move_in_detail", pk=row.pk)
    wrong = actions.tried(row, by=me(request))
    tried = min(row.total, actions.TRIED)
    context = {"row": row, "wrong": wrong[:SHOWN], "more": max(len(wrong) - SHOWN, 0), "tried": tried, "untried": row.total - tried}
    return render(request, "moving/move_in_tried.html", context)


@changes(access.moves_in)
def move_in_go(request: HttpRequest, row: MoveIn) -> HttpResponse:
    """The next rows. The page goes on by itself; without a script by the button. Stopped in the middle, it goes on where it was.

    A page that was left and opened again may ask for a step that was the last one by the time it is asked: it is shown where it is.
    """
    if request.method != "POST" or row.is_over:
        return redirect("move_in_detail", pk=row.pk)
    try:
        actions.go_on(row, by=me(request))
    except Refused as refused:
        return _detail(request, row, refused)
    return redirect("move_in_detail", pk=row.pk)


@changes(access.open_moves_in)
def move_in_stop(request: HttpRequest, row: MoveIn) -> HttpResponse:
    """Bring in nothing more of it."""
    if request.method == "POST":
        actions.halt(row, by=me(request))
        messages.success(request, "Stopped. What was brought in stays.")
    return redirect("move_in_detail", pk=row.pk)


@exports(access.faulty_moves_in)
def move_in_faults(request: HttpRequest, row: MoveIn) -> HttpResponse:
    """The rows that were wrong, as they stand in the file, each with why: to be mended and sent again."""
    heads = row.about.get("heads", ["file"])
    lines = [[*heads, "what is wrong", "row"], *([*_padded(each.cells, len(heads)), each.words, each.number] for each in row.faults.all())]
    headers = {"Content-Disposition": 'attachment; filename="rows-to-mend.csv"'}
    return HttpResponse("\ufeff" + sheet.rows(lines), content_type="text/csv; charset=utf-8", headers=headers)


def _padded(cells: list[str], width: int) -> list[str]:
    return [*cells[:width], *[""] * (width - len(cells))]

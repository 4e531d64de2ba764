"""Documents: the list of a client's, adding one to the record or to a draft, looking at it, fetching it, taking it out again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header

from audit.doors import changes, exports, lists, reads
from clients import header
from clients.access import care_team, counseled_clients, readable_clients
from clients.models import Client
from clients.views import me, rows_of, under_kept
from practice.files import SHUT, SORTS
from practice.refusals import Refused
from records import access, actions
from records.contents import contents_of
from records.forms.documents import DocumentForm, RemovalForm
from records.models import Document, Kind, Note

from .frame import inside
from .reading import described, hung_on, readers

SHOWN = 200  # rows of the list
LONGEST_SHOWN = 100_000  # letters of a text shown in a page; the file holds them all

# Whatever reads the bytes on the other side: it takes them for what we say they are, runs nothing, and keeps no copy.


@lists(access.listed_documents, within=readable_clients)
@under_kept(readable_clients)
def document_list(request: HttpRequest, client: Client, documents: QuerySet[Document]) -> HttpResponse:
    """The documents of a client's record and of the notes the reader may open, newest first."""
    mine = documents.filter(client__in=rows_of(request, client, readable_clients))
    rows = [described(document) for document in mine.order_by("-added_at", "-pk")[:SHOWN]]
    return render(request, "records/document_list.html", {
        "client": client, "head": header.of(request, client, "session_list"), "rows": rows, "shown": SHOWN,
        "counsels": counseled_clients(request.user).filter(pk=client.pk).exists(),
    })  # fmt: skip


# --- add ----------------------------------------------------------------------------------------------------------------


@changes(counseled_clients)
@under_kept(counseled_clients)
def document_new(request: HttpRequest, client: Client) -> HttpResponse:
    """Add a document to the client's record. Sent twice, it is kept once."""
    form = _form(request)
    if _added(request, form, client):
        return redirect("document_list", client.pk)
    return _ask(request, client, form, people=_team(client), back="document_list")


@changes(access.editable_notes)
def note_document_new(request: HttpRequest, note: Note) -> HttpResponse:
    """Add a document to one's own draft: it is signed and locked along with the note."""
    form = _form(request)
    if _added(request, form, note.client, note):
        return redirect("note_edit", note.pk)
    about = {"note": note, "rows": hung_on(note), "stays": actions.is_shared_part(note)}
    return _ask(request, note.client, form, people=readers(note), back="note_edit", **about)


def _form(request: HttpRequest) -> DocumentForm:
    return DocumentForm(request.POST, request.FILES) if request.method == "POST" else DocumentForm()


def _added(request: HttpRequest, form: DocumentForm, client: Client, note: Note | None = None) -> bool:
    """Whether what ``form`` holds was kept; otherwise the form says why not, beside the file."""
    if not form.is_valid():
        return False
    file = form.cleaned_data["file"]
    try:
        given = {"title": form.cleaned_data["title"], "ident": form.cleaned_data["ident"]}
        actions.add_document(client, file.read(), by=me(request), name=file.name, note=note, **given)
    except Refused as refusal:
        form.add_error("file", f"{refusal.words} {refusal.todo}".strip())
        return False
    messages.success(request, "The document is kept, sealed.")
    return True


def _ask(request: HttpRequest, client: Client, form: DocumentForm, **found: Any) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "records/document_new.html", inside(client) | {"form": form, **found}, status=status)


def _team(client: Client) -> list[dict[str, Any]]:
    return [{"name": grant.user.name, "role": grant.role_word, "until": grant.until} for grant in care_team(client)]


# --- look and fetch -----------------------------------------------------------------------------------------------------


@reads(access.readable_documents)
def document_detail(request: HttpRequest, document: Document) -> HttpResponse:
    """What a document is, who can read it, and (a picture or a text) what it shows; anything else is fetched."""
    sort = SORTS[document.sort]
    text = contents_of(document).decode() if sort.key == "text" else ""
    note = document.note
    return render(request, "records/document_detail.html", inside(document.client) | described(document) | {
        "document": document, "note": note, "text": text[:LONGEST_SHOWN], "cut": len(text) > LONGEST_SHOWN,
        "people": readers(note) if note else _team(document.client), "alone": bool(note and note.kind == Kind.PSYCHOTHERAPY),
        "may_remove": access.removable_documents(request.user).filter(pk=document.pk).exists(),
    })  # fmt: skip


@exports(access.readable_documents)
def document_download(request: HttpRequest, document: Document) -> HttpResponse:
    """The file, to keep: always as an attachment, under a name of ours that says nothing of anybody."""
    name = f"document-{timezone.localtime(document.added_at):%Y-%m-%d}{SORTS[document.sort].extension}"
    return _served(document, {"Content-Disposition": content_disposition_header(True, name)})


@reads(access.readable_documents)
def document_picture(request: HttpRequest, document: Document) -> HttpResponse:
    """A picture, for a page of ours to show: only what was drawn again by us; of any other document there is none."""
    if not SORTS[document.sort].is_picture:
        raise Http404
    return _served(document, {"Content-Disposition": "inline"})


def _served(document: Document, headers: dict[str, str]) -> HttpResponse:
    content = contents_of(document)
    return HttpResponse(content, content_type=SORTS[document.sort].type, headers=SHUT | headers)


# --- take out -----------------------------------------------------------------------------------------------------------


@changes(access.removable_documents)
def document_remove(request: HttpRequest, document: Document) -> HttpResponse:
    """Take out a document that was added by mistake. Its bytes and names are gone; who, when and why stay."""
    form = RemovalForm(request.POST if request.method == "POST" else None)
    refusal = None
    if form.is_valid():
        try:
            actions.remove_document(document, form.cleaned_data["reason"], by=me(request))
            messages.success(request, "Taken out. Who, when and why stay on the record.")
            return redirect("note_edit", document.note_id) if document.note_id else redirect("document_list", document.client_id)
        except Refused as refused:
            refusal = refused
    found = inside(document.client) | described(document) | {"document": document, "form": form, "refusal": refusal}
    return render(request, "records/document_remove.html", found, status=422 if form.is_bound else 200)

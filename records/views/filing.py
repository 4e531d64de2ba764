"""Filing messages of the portal to the record: which of them, and who can read them there."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages as said
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit.doors import changes
from clients.access import care_team
from clients.views import me
from messaging.access import fileable_threads, messages
from messaging.models import Message, Thread
from messaging.naming import whom
from practice.refusals import Refused
from records import actions
from records.forms.filing import FileForm

from .frame import inside

MOST = 200  # of the newest messages, to choose from


@changes(fileable_threads)
def thread_file(request: HttpRequest, thread: Thread) -> HttpResponse:
    """Choose messages of a thread; they go into the record as a document, and are marked."""
    rows = _unfiled(request, thread)
    form = FileForm(request.POST if request.method == "POST" else None, rows=rows, initial={"ident": uuid4()})
    refusal = None
    if form.is_valid():
        try:
            chosen = [row for row in rows if str(row.pk) in form.cleaned_data["messages"]]
            document = actions.file_messages(thread, chosen, by=me(request), ident=form.cleaned_data["ident"])
            said.success(request, "Filed to the record.")
            return redirect("document_detail", document.pk)
        except Refused as refused:
            refusal = refused
    found: dict[str, Any] = inside(thread.client) | {"thread": thread, "form": form, "refusal": refusal, "whom": whom(thread)}
    found["people"] = [{"name": grant.user.name, "role": grant.role_word, "until": grant.until} for grant in care_team(thread.client)]
    found["rows"] = [{"message": row, "checked": str(row.pk) in request.POST.getlist("messages")} for row in rows]
    return render(request, "records/thread_file.html", found, status=422 if form.is_bound else 200)


def _unfiled(request: HttpRequest, thread: Thread) -> list[Message]:
    """The messages of ``thread`` that are not in the record, the oldest first."""
    rows = list(messages(request.user).filter(thread=thread, filed=None)[:MOST])[::-1]
    for row in rows:
        row.thread = thread
    return rows

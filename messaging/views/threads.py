"""Messages, for the staff: a client's threads, one of them, beginning one, and their files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as said
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from audit.doors import changes, exports, lists, reads
from clients import header
from clients.access import contact_clients, counseled_clients
from clients.calling import called, hushed
from clients.models import Client, ClientPermission, Codename
from clients.paging import page_of
from clients.views import again, me, rows_of, under_kept
from messaging import access, actions, showing
from messaging.forms.threads import ToForm
from messaging.models import Attachment, Thread
from messaging.naming import whom
from practice.access import staffed_practice
from practice.refusals import Refused

STAFF = showing.Side(
    "thread_detail", "messaging/thread_detail.html", access.messages, access.answerable_threads, staffed_practice, own=False
)
SIZE = 25


@lists(access.threads, within=contact_clients)
@under_kept(contact_clients)
def thread_list(request: HttpRequest, client: Client, threads: QuerySet[Thread]) -> HttpResponse:
    """The threads of a client: their own, and apart those of whoever represents them. No text is opened here."""
    mine = threads.filter(client__in=rows_of(request, client, contact_clients), last_at__isnull=False)
    keys = {name: request.GET.get(name, "") for name in ("newer", "older")}
    page = page_of(mine, order=("-last_at", "-pk"), size=SIZE, **keys)
    url = reverse("thread_list", args=[client.pk])
    found: dict[str, Any] = {f"{name}_url": f"{url}?{name}={key}" if (key := getattr(page, name)) else "" for name in ("newer", "older")}
    found |= {"rows": [{"thread": row, "whom": whom(row)} for row in page.rows], "client": client}
    found["may_begin"] = access.writing_clients(request.user).filter(pk=client.pk).exists()
    return render(request, "messaging/thread_list.html", found | {"head": header.of(request, client, "thread_list")})


@changes(access.writing_clients)
@under_kept(access.writing_clients)
def thread_new(request: HttpRequest, client: Client) -> HttpResponse:
    """To whom of those in the portal, and what it is about; then the thread."""
    people = [(grant, _words(client, grant)) for row in _rows(request, client) for grant in access.in_portal(row)]
    care = counseled_clients(request.user).filter(pk=client.pk).exists()
    form = ToForm(request.POST if request.method == "POST" else None, people=people, care=care)
    found = {"form": form, "people": people, "client": client, "head": header.of(request, client, "thread_list")}
    if not form.is_valid():
        return again(request, "messaging/thread_new.html", found)
    try:
        grant = form.chosen
        about = client if grant.content_object_id == client.pk else next(row for row in _rows(request, client) if row.pk == grant.client_id)
        thread = actions.begin_thread(about, grant.user, form.cleaned_data["kind"], by=me(request))
    except Refused as refusal:
        return again(request, "messaging/thread_new.html", found | {"refusal": refusal})
    return redirect("thread_detail", thread.pk)


def _rows(request: HttpRequest, client: Client) -> list[Client]:
    """The rows that are shown as ``client``, of those that one may write about."""
    others = access.writing_clients(request.user).filter(pk__in=rows_of(request, client, access.writing_clients)[1:])
    return [client, *others]


def _words(client: Client, grant: ClientPermission) -> str:
    if grant.permission.codename == Codename.PORTAL_SELF:
        return f"{called(client)}, the client"
    return f"{hushed(str(grant.user.name), 'A representative')}, who represents them"


@reads(access.threads)
def thread_detail(request: HttpRequest, thread: Thread) -> HttpResponse:
    """One thread, and the box to answer in."""
    return showing.show(request, thread, STAFF, **_about(request, thread))


def _about(request: HttpRequest, thread: Thread) -> dict[str, Any]:
    filed = {row.message_id: row for row in access.filed(request.user).filter(message__thread=thread)}
    waits = access.waiting_threads(request.user).filter(pk=thread.pk).exists()
    files = access.fileable_threads(request.user).filter(pk=thread.pk).exists()
    return {
        "read_at": access.read_at(thread),
        "filed": filed,
        "waits": waits,
        "may_file": files,
        "head": header.of(request, thread.client, "thread_list"),
    }


@changes(access.answerable_threads)
def thread_send(request: HttpRequest, thread: Thread) -> HttpResponse:
    """Send an answer, or keep it as a draft."""
    return showing.take(request, thread, STAFF, **(_about(request, thread) if request.method == "POST" else {}))


@require_POST
@changes(access.answerable_threads)
def thread_save(request: HttpRequest, thread: Thread) -> HttpResponse:
    """What the page saves by itself."""
    return showing.save(request, thread, STAFF)


@changes(access.waiting_threads)
def thread_settle(request: HttpRequest, thread: Thread) -> HttpResponse:
    """Lay aside what waits: it needs no answer here."""
    if request.method == "POST":
        actions.settle(thread, by=me(request))
        said.success(request, "Laid aside. It waits no more on home.")
    return redirect("thread_detail", thread.pk)


@exports(access.attachments)
def attachment_download(request: HttpRequest, attachment: Attachment) -> HttpResponse:
    """A file that came with a message, to keep."""
    return showing.fetched(attachment)


@reads(access.attachments)
def attachment_picture(request: HttpRequest, attachment: Attachment) -> HttpResponse:
    """A picture that came with a message, for the page to show."""
    return showing.pictured(attachment)

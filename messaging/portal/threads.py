"""Messages in the portal: each person's own threads, and nobody else's."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from audit.doors import changes, exports, lists, reads
from clients.access import own_clients
from clients.calling import called
from clients.paging import page_of
from clients.portal import Waiting
from clients.views import again, me
from messaging import access, actions, showing
from messaging.forms.threads import KindForm
from messaging.law import crisis
from messaging.models import Attachment, Thread
from practice.access import portal_practice
from practice.models import Practice, User
from practice.refusals import Refused

PORTAL = showing.Side("own_thread", "messaging/own_thread.html", access.own_messages, access.own_open_threads, portal_practice, own=True)
SIZE = 25
SHOWN = 20


def _row(thread: Thread) -> dict[str, Any]:
    """``thread`` for a list: no text of it is opened."""
    return {"thread": thread, "for": "" if thread.is_own else called(thread.client)}


def messages_waiting(user: User) -> list[dict[str, Any]]:
    """For the portal's first page: the threads in which something new waits."""
    return [_row(thread) for thread in access.unread_threads(user)[:SHOWN]]


MESSAGES = Waiting("Messages", "messaging/_new_row.html", messages_waiting)


@lists(access.own_threads, within=portal_practice)
def own_thread_list(request: HttpRequest, practice: Practice, threads: QuerySet[Thread]) -> HttpResponse:
    """One's own threads, and about whom one may begin another."""
    keys = {name: request.GET.get(name, "") for name in ("newer", "older")}
    page = page_of(threads.filter(last_at__isnull=False), order=("-last_at", "-pk"), size=SIZE, **keys)
    url = reverse("own_thread_list")
    found = {f"{name}_url": f"{url}?{name}={key}" if (key := getattr(page, name)) else "" for name in ("newer", "older")}
    unread = {row.pk for row in access.unread_threads(request.user)}
    own = set(own_clients(request.user).values_list("pk", flat=True))
    people = [{"client": client, "own": client.pk in own} for client in access.own_writing_clients(request.user)]
    rows = [_row(row) | {"new": row.pk in unread} for row in page.rows]
    return render(request, "messaging/own_thread_list.html", found | {"rows": rows, "people": people})


@changes(portal_practice)
def own_thread_new(request: HttpRequest, practice: Practice, client: UUID) -> HttpResponse:
    """What it is about, with who reads which; then the thread."""
    about = get_object_or_404(access.own_writing_clients(request.user), pk=client)
    form = KindForm(request.POST if request.method == "POST" else None)
    own = own_clients(request.user).filter(pk=client).exists()
    found = {"form": form, "client": about, "own": own, "reply_time": practice.reply_time, "crisis": crisis(practice)}
    if not form.is_valid():
        return again(request, "messaging/own_thread_new.html", found)
    try:
        thread = actions.begin_thread(about, me(request), form.cleaned_data["kind"], by=me(request))
    except Refused as refusal:
        return again(request, "messaging/own_thread_new.html", found | {"refusal": refusal})
    return redirect("own_thread", thread.pk)


@reads(access.own_threads)
def own_thread(request: HttpRequest, thread: Thread) -> HttpResponse:
    """One's own thread, and the box to write in."""
    return showing.show(request, thread, PORTAL)


@changes(access.own_open_threads)
def own_thread_send(request: HttpRequest, thread: Thread) -> HttpResponse:
    """Send a message, or keep it as a draft."""
    return showing.take(request, thread, PORTAL)


@require_POST
@changes(access.own_open_threads)
def own_thread_save(request: HttpRequest, thread: Thread) -> HttpResponse:
    """What the page saves by itself."""
    return showing.save(request, thread, PORTAL)


@exports(access.own_attachments)
def own_attachment_download(request: HttpRequest, attachment: Attachment) -> HttpResponse:
    """A file of one's own thread, to keep."""
    return showing.fetched(attachment)


@reads(access.own_attachments)
def own_attachment_picture(request: HttpRequest, attachment: Attachment) -> HttpResponse:
    """A picture of one's own thread, for the page to show."""
    return showing.pictured(attachment)

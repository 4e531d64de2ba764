"""A thread as a page, for either side: its messages, the box to write in, and what is said before one writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages as said
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header

from clients.paging import page_of
from clients.views import me
from practice.files import SHUT, SORTS
from practice.models import Practice
from practice.refusals import Refused

from . import access, actions
from .contents import contents_of
from .forms.threads import MessageForm
from .law import crisis
from .models import Attachment, Message, Thread
from .naming import meanwhile, readers, whom

SIZE = 25
ORDER = ("-sent_at", "-pk")
# Whatever reads the bytes on the other side: it takes them for what we say they are, runs nothing, and keeps no copy.


@dataclass(frozen=True)
class Side:
    """One side of a thread: its page and template, what it may read, and where it may still write."""

    page: str
    template: str
    messages: Callable[[Any], QuerySet[Message]]
    open: Callable[[Any], QuerySet[Thread]]
    practice: Callable[[Any], QuerySet[Practice]]
    own: bool


def show(request: HttpRequest, thread: Thread, side: Side, form: MessageForm | None = None, status: int = 200, **more: Any) -> HttpResponse:
    """The page of ``thread``, which a door gave; ``form`` as it was sent, where it did not pass."""
    draft = access.own_draft(request.user, thread)
    practice = side.practice(request.user).get()
    found = _listed(request, thread, side) | {
        "thread": thread, "client": thread.client, "form": form or MessageForm(draft=draft),
        "saved": draft if draft and draft.text else None,
        "may_write": side.open(request.user).filter(pk=thread.pk).exists(), "people": readers(thread, own=side.own),
        "away": meanwhile(thread), "reply_time": practice.reply_time, "crisis": crisis(practice),
        "whom": "" if side.own else whom(thread), "own": side.own, "names": _names(side),
    }  # fmt: skip
    return render(request, side.template, found | more, status=status)


def _names(side: Side) -> dict[str, str]:
    """The pages that the shared parts of the template lead to."""
    prefix = "own_" if side.own else ""
    return {name: f"{prefix}{name}" for name in ("thread_send", "thread_save", "attachment_download", "attachment_picture")} | {
        "page": side.page
    }


def _listed(request: HttpRequest, thread: Thread, side: Side) -> dict[str, Any]:
    keys = {name: request.GET.get(name, "") for name in ("newer", "older")}
    page = page_of(side.messages(request.user).filter(thread=thread), order=ORDER, size=SIZE, **keys)
    url = reverse(side.page, args=[thread.pk])
    way = {f"{name}_url": f"{url}?{name}={key}" if (key := getattr(page, name)) else "" for name in ("newer", "older")}
    return {"rows": [_row(thread, message, side) for message in reversed(page.rows)], **way}


def _row(thread: Thread, message: Message, side: Side) -> dict[str, Any]:
    message.thread = thread
    files = [_file(message, each) for each in message.attachments.all()]
    name = str(message.sender.name) if message.by_staff else "You" if side.own else whom(thread)
    return {"message": message, "who": name, "files": files, "mine": message.by_staff != side.own}


def _file(message: Message, attachment: Attachment) -> dict[str, Any]:
    attachment.message = message
    return {"row": attachment, "sort": SORTS[attachment.sort]}


# --- writing ------------------------------------------------------------------------------------------------------------


def take(request: HttpRequest, thread: Thread, side: Side, **more: Any) -> HttpResponse:
    """What was sent from the page of ``thread``: keep it as a draft, or send it; otherwise the page again, with what was typed."""
    if request.method != "POST":
        return redirect(side.page, thread.pk)
    form = MessageForm(request.POST, request.FILES)
    if not form.is_valid():
        return show(request, thread, side, form, 422, **more)
    given: dict[str, Any] = {"by": me(request), "version": form.cleaned_data["version"]}
    try:
        if request.POST.get("then") == "keep":
            actions.save_draft(thread, form.cleaned_data["text"], **given)
        else:
            actions.send(thread, form.cleaned_data["text"], form.chosen(), ident=form.cleaned_data["ident"], **given)
            said.success(request, "Sent.")
    except Refused as refusal:
        return show(request, thread, side, form, 422, refusal=refusal, **more)
    except actions.Conflict as conflict:
        return show(request, thread, side, MessageForm(form.renewed(conflict.draft.version)), 409, conflict=conflict, **more)
    return redirect(f"{reverse(side.page, args=[thread.pk])}#write")


def save(request: HttpRequest, thread: Thread, side: Side) -> HttpResponse:
    """What the page saves by itself: JSON with the time and the new version, 409 with both texts, 422 with the reason."""
    form = MessageForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    try:
        draft = actions.save_draft(thread, form.cleaned_data["text"], by=me(request), version=form.cleaned_data["version"])
    except actions.Conflict as conflict:
        found = {"conflict": conflict, "thread": thread, "names": _names(side)}
        return render(request, "messaging/_conflict.html", found, status=409)
    return JsonResponse({"saved": f"{timezone.localtime(draft.saved_at):%H:%M}", "fields": {"version": str(draft.version)}})


# --- files --------------------------------------------------------------------------------------------------------------


def fetched(attachment: Attachment) -> HttpResponse:
    """The file, to keep: always as an attachment, under a name of ours that says nothing of anybody."""
    name = f"file-{timezone.localtime(attachment.message.sent_at):%Y-%m-%d}-{attachment.position + 1}{SORTS[attachment.sort].extension}"
    return _served(attachment, content_disposition_header(True, name) or "attachment")


def pictured(attachment: Attachment) -> HttpResponse:
    """A picture, for a page of ours to show: only what was drawn again by us; of any other file there is none."""
    if not SORTS[attachment.sort].is_picture:
        raise Http404
    return _served(attachment, "inline")


def _served(attachment: Attachment, disposition: str) -> HttpResponse:
    content = contents_of(attachment)
    return HttpResponse(content, content_type=SORTS[attachment.sort].type, headers=SHUT | {"Content-Disposition": disposition})

"""Toy views behind real doors, and a way to ask them as somebody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from audit.doors import changes, lists, reads
from audit.middleware import Trailed
from audit.models import Event
from clients import access as client_access
from clients import actions as client_actions
from clients.models import Client
from practice.models import User
from records.access import readable_notes
from records.models import Note
from tests.cast import acting

View = Callable[..., HttpResponseBase]


class _Session:
    fingerprint = "f" * 40


def ask(
    door: View, user: User, method: str = "get", data: dict[str, str] | None = None, headers: Any = None, **keys: Any
) -> HttpResponseBase:
    """Call ``door`` as a request of ``user`` would reach it, through the middleware that names the actor."""
    request = getattr(RequestFactory(), method)("/somewhere/", data or {}, headers=headers)
    request.user, request.session = User.objects.get(pk=user.pk), _Session()
    return Trailed(lambda asked: door(asked, **keys))(request)


def lines(**wanted: Any) -> list[Event]:
    """The lines of the trail, seen as the owner of nothing but one's own acts: asked by the one who left them."""
    return list(Event.objects.filter(**wanted).order_by("at", "id"))


def lines_of(user: User, **wanted: Any) -> list[Event]:
    with acting(user):
        found = lines(actor_id=user.pk, **wanted)
    return [line for line in found if not line.role.startswith("system:")]


@reads(readable_notes)
def peek(request: HttpRequest, note: Note) -> HttpResponse:
    return HttpResponse(str(note.content))


@reads(readable_notes)
def glance(request: HttpRequest, note: Note) -> HttpResponse:
    return HttpResponse("nothing opened")


@reads(readable_notes)
def stumble(request: HttpRequest, note: Note) -> HttpResponse:
    assert note.content
    raise RuntimeError("fell over after opening")


@reads(readable_notes)
def scribble(request: HttpRequest, note: Note) -> HttpResponse:
    Client.objects.filter(pk=note.client_id).update(status="archived")
    return HttpResponse()


@changes(client_access.counseled_clients)
def rename(request: HttpRequest, client: Client) -> HttpResponse:
    client_actions.change_person(client, by=request.user, given_name=request.POST["name"])  # type: ignore[arg-type]  # signed in
    if request.POST.get("then") == "fall":
        raise RuntimeError("fell over after changing")
    if request.POST.get("then") == "404":
        raise Http404
    return HttpResponse("renamed")


@lists(client_access.readable_clients)
def names(request: HttpRequest, clients: Any) -> HttpResponse:
    return HttpResponse(" ".join(client.given_name for client in clients))


@lists(client_access.readable_clients)
def codes(request: HttpRequest, clients: Any) -> HttpResponse:
    return HttpResponse(" ".join(client.code for client in clients))

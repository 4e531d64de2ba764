"""How this session shows its pages: codes instead of names, and keys of one letter. Kept in the session alone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from audit.doors import changes
from practice import access, open_room
from practice.context import SHORTCUTS_OFF
from practice.models import Practice, User
from practice.signin import is_own_path


def _back(request: HttpRequest) -> HttpResponse:
    """To the page the button was on."""
    path = request.POST.get("next", "")
    return HttpResponseRedirect(path if is_own_path(path) else reverse("home"))


def _turn(request: HttpRequest, key: str) -> None:
    """What the form says, not "the other way round": sent twice, it is the same."""
    if request.POST.get("on") == "1":
        request.session[key] = True
    else:
        request.session.pop(key, None)


@changes(access.staffed_practice)
def room_open(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Show codes instead of clients' names from the next page on, or names again."""
    if request.method == "POST":
        _turn(request, open_room.KEY)
    return _back(request)


@changes(access.own_account)
def shortcuts(request: HttpRequest, person: User) -> HttpResponse:
    """Switch keys of one letter off, or on again."""
    if request.method == "POST":
        _turn(request, SHORTCUTS_OFF)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"off": SHORTCUTS_OFF in request.session})
    return _back(request)

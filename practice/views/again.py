"""What a page asks while it lies open: is its person still signed in, and may they come back after their session ended?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.urls import reverse

from audit.doors import public
from practice import again, open_room
from practice.context import SHORTCUTS_OFF
from practice.forms.again import AgainForm
from practice.models import User
from practice.sessions import SessionStore
from practice.signin import NO_ENTRY


def _mark(request: HttpRequest) -> str:
    return again.mark_of(request.user) if isinstance(request.user, User) else ""


@public("Tells a page whether its person is still signed in and for how long, and nothing else.")
def signin_here(request: HttpRequest) -> HttpResponse:
    """Whose session this is (a mark, empty without one), the seconds it lives, and a fresh token for the page's forms.

    Asked with "X-Background: 1" it counts as no activity (attack 79); without, somebody is there.
    """
    assert isinstance(request.session, SessionStore)
    return JsonResponse({"person": _mark(request), "left": request.session.seconds_left, "token": get_token(request)})


@public("Signing in again on the page one was on, after its session ended.")
def signin_again(request: HttpRequest) -> HttpResponse:
    """Password, then code where there is a second step. Answers with a state: in, code (asked for next), other, or no (with why).

    Somebody else's session is left alone: their page is another one.
    """
    if request.method != "POST":
        return HttpResponseRedirect(reverse("account_login"))
    form = AgainForm(request.POST)
    person = again.person_of(form.cleaned_data["person"]) if form.is_valid() else None
    if person is None:
        return _no(request)
    if request.user.is_authenticated:
        return JsonResponse({"state": "in" if request.user == person else "other"})
    step = again.by_code(request, person, form.cleaned_data["code"]) if form.cleaned_data["code"] else None
    step = step or (again.by_password(request, person, form.cleaned_data["password"]) if form.cleaned_data["password"] else None)
    return _told(request, step, form)


def _no(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"state": "no", "why": str(NO_ENTRY), "half": again.is_half_way(request)}, status=422)


def _told(request: HttpRequest, step: HttpResponseBase | None, form: AgainForm) -> HttpResponse:
    if request.user.is_authenticated:
        _as_before(request, form)
        answer: HttpResponse = JsonResponse({"state": "in"})
    elif step is not None and again.is_half_way(request):
        answer = JsonResponse({"state": "code"})
    else:
        answer = _no(request)
    if step is not None:
        answer.cookies = step.cookies  # this device is known from now on
    return answer


def _as_before(request: HttpRequest, form: AgainForm) -> None:
    """The new session hides what the old one hid."""
    for key in (open_room.KEY, SHORTCUTS_OFF):
        if form.cleaned_data[key]:
            request.session[key] = True

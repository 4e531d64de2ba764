"""Around every request: is this person still here, did they prove who they are, and were they away too long?"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.http import HttpRequest, HttpResponseForbidden, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

from audit import doors
from audit.middleware import address_of

from . import devices, errors, left_behind, open_room, sessions
from .profile import profile
from .refusals import Refused
from .sessions import SessionStore

log = logging.getLogger(__name__)
Next = Callable[[HttpRequest], HttpResponseBase]

FACTOR_FLAG = "has_factor"  # kept in the session: only "yes" is remembered, and a change of factors forgets it
_ENROLMENT = frozenset({
    "mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn", "mfa_view_recovery_codes",
    "mfa_download_recovery_codes", "account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
    "signin_list", "signin_end", "signin_end_others",
})  # fmt: skip


def needs_second_factor(request: HttpRequest) -> bool:
    """Whether this person must set up a second factor before anything else: staff, but not in the demo."""
    user = request.user
    return not settings.DEMO and user.is_authenticated and user.is_staff_member and not has_factor(request)


def has_factor(request: HttpRequest) -> bool:
    """Whether the person signed in has a second factor (an authenticator app or a passkey)."""
    if not request.session.get(FACTOR_FLAG):
        kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
        if not Authenticator.objects.filter(user=request.user.pk, type__in=kinds).exists():
            return False
        request.session[FACTOR_FLAG] = True
    return True


def _person(request: HttpRequest) -> Any:
    assert isinstance(request.session, SessionStore)
    with sessions.asking(request.session):
        return get_user(request)


class Person(AuthenticationMiddleware):
    """Who is signed in, as Django finds them, but with one question for the session and its person."""

    def process_request(self, request: HttpRequest) -> None:
        """Set ``request.user``, looked up when it is first read."""
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _person(request))  # type: ignore[assignment]  # as Django's own does


class Language:
    """Whoever is not signed in is spoken to in the first language of their browser that the house has.

    Behind the sign-in it speaks English until its pages are translated: half a page in each language helps nobody.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        inside = request.user.is_authenticated
        with translation.override(settings.LANGUAGE_CODE if inside else translation.get_language_from_request(request)):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", str(translation.get_language()))
        if not inside:
            patch_vary_headers(response, ["Accept-Language"])
        return response


class Standing:
    """Refuses plain http, ends sessions of people who left, keeps the idle clock, sends staff to their second factor."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SECURE and not request.is_secure() and request.path != "/healthz":
            return HttpResponseForbidden("This address answers over https only.", content_type="text/plain; charset=utf-8")
        session = request.session
        assert isinstance(session, SessionStore)
        session.device = devices.words(request.headers.get("User-Agent", ""))
        session.address = address_of(request)
        if request.user.is_authenticated:
            if request.headers.get("X-Background") != "1":  # a page that polls does not keep its person signed in
                session.touch()
        elif "_auth_user_id" in session:  # left, deactivated, or the password changed elsewhere
            session.flush()
        if not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(profile().zone), open_room.held(bool(session.get(open_room.KEY))):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        """Send staff without a second factor to the pages where they set one up, and nowhere else.

        A form that met an ended session gets its words back.
        """
        sign = doors.sign_of(view)
        if sign and sign.kind != "public" and request.method == "POST" and not request.user.is_authenticated:
            return left_behind.page(request)
        name = request.resolver_match.url_name if request.resolver_match else ""
        if (sign and sign.kind == "public") or name in _ENROLMENT or not needs_second_factor(request):
            return None
        return HttpResponseRedirect(reverse("mfa_index"))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Where a rule said no and the view did not show it: say which and why. The act is undone, the attempt told.

        Where the database went away: say so, and give the words back.
        """
        if isinstance(exception, Refused):
            return render(request, "refused.html", {"refusal": exception}, status=409)
        if errors.is_away(exception):
            log.error("%s: nothing was shown, nothing was changed", type(exception).__name__)
            return errors.away(request)
        return None

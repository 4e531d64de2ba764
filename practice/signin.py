"""Signing in: an e-mail address becomes a keyed token, and every session begins at one place, ``Accounts.login``."""

from __future__ import annotations

import dataclasses
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, perform_login, record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from audit import clock, doors, trail
from audit.models import Act

from . import limits, sessions, throttle
from .actions import factors
from .models import User

# One sentence for wrong, unknown, disabled, left and locked, so that none of them can be told apart (attack 82).
NO_ENTRY = _("That did not match, or there were too many tries. Check both, or wait a quarter of an hour.")


class SignIn(ModelBackend):
    """Finds a person by the token of their address. Model permissions grant nothing: records are granted in clients/."""

    def authenticate(self, request: Any, username: str | None = None, password: str | None = None, **kwargs: Any) -> User | None:
        """The person, or None. The hasher runs once for anybody, so that unknown addresses take as long."""
        if username is None or password is None:
            return None
        person = User.objects.filter(username=username).first()
        if person is None:
            make_password(password)
            return None
        return person if person.check_password(password) and not person.has_left else None

    def get_user(self, user_id: Any) -> User | None:
        """The person of that id while they may be here; asked by their own session, without another look in the database."""
        person = sessions.brought(user_id)
        if person is None:
            return super().get_user(user_id)
        return person if self.user_can_authenticate(person) else None

    def user_can_authenticate(self, user: Any) -> bool:
        return not user.has_left

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return False


def is_own_path(url: str) -> bool:
    """Whether ``url`` is a path of this site and nothing else: no host, scheme, backslash or control character."""
    clean = url.startswith("/") and not url.startswith("//") and "\\" not in url and url.isprintable()
    return clean and url_has_allowed_host_and_scheme(url, allowed_hosts=None)


def is_fresh(request: HttpRequest) -> bool:
    """Whether this person signed in or confirmed who they are within the last five minutes (ASVS 7.5.1)."""
    records = get_authentication_records(request, request.user if request.user.is_authenticated else None)
    return bool(records) and clock.now().timestamp() - records[-1]["at"] < limits.FRESH.total_seconds()


def begin(request: HttpRequest, person: User, method: str, url: str) -> HttpResponse:
    """Sign in ``person``, who showed by ``method`` who they are, and go on to ``url``. A second factor, if there is one, is still asked."""
    record_authentication(request, person, method=method)
    return perform_login(request, Login(user=person, redirect_url=url))


def proof(request: HttpRequest) -> str:
    """How this person showed who they are in this session: "passkey", "two_factors", "password", "invited" or, where nothing is known, "".

    The strongest that was shown counts; what a browser is merely trusted with counts for nothing.
    """
    records = get_authentication_records(request, request.user if request.user.is_authenticated else None)
    if any(record.get("method") == "mfa" and record.get("type") == "webauthn" for record in records):
        return "passkey"
    methods = {record.get("method") for record in records}
    if "mfa" in methods:
        return "two_factors"
    if methods & {"password", "password_reset"}:
        return "password"
    return "invited" if "invitation" in methods else ""


class Accounts(DefaultAccountAdapter):
    """allauth's hooks: no sign-up, our counters, own paths only, lines on the trail, and no mail of its own."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": NO_ENTRY,
        "too_many_login_attempts": NO_ENTRY,
        "incorrect_password": NO_ENTRY,
        "enter_current_password": NO_ENTRY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Only where a page asks for a passkey's challenge: as JSON, a change would go unnoticed, and quote what was typed."""
        return request.method == "GET" and request.headers.get("Accept") == "application/json"

    def is_safe_url(self, url: str | None) -> bool:
        return bool(url) and is_own_path(str(url))

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url("account_login")

    def get_login_stages(self) -> list[str]:
        return ["allauth.mfa.stages.AuthenticateStage"]

    # --- before ---

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The person, or None; counted, and equally slow where there were too many tries."""
        return self._try(request, credentials["username"], credentials["password"], "password")

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Whether ``password`` is that of the person signed in; counted like a sign-in."""
        return self._try(context.request, user.username, password, "password") == user

    def _try(self, request: HttpRequest, account: str, password: str, kind: str) -> User | None:
        attempt = throttle.guess(request, account, kind)
        if attempt is None:
            make_password(password)
            person = None
        else:
            person = authenticate(request, username=account, password=password)
        if attempt is None or person is None:
            doors.tell(Act.FAILED, User.objects.filter(username=account).first(), kind)
            return None
        throttle.forgive(attempt)
        assert isinstance(person, User)
        return person

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """Turn away whoever left, also by passkey."""
        return self._turned_away(request, user) if user.has_left else None

    def _turned_away(self, request: HttpRequest, user: User) -> HttpResponse:
        clear_login(request)
        doors.tell(Act.FAILED, user, "has left")
        messages.error(request, NO_ENTRY)
        return HttpResponseRedirect(resolve_url("account_login"))

    # --- the moment ---

    def login(self, request: HttpRequest, user: Any) -> None:
        """Begin the session: the only place where one begins. The session id is new, and the line names it."""
        if user.has_left:
            raise ImmediateHttpResponse(self._turned_away(request, user))
        user.backend = "practice.signin.SignIn"
        super().login(request, user)
        opening = trail.recorder()
        opening.become(user.pk, user.role_words)
        opening.actor = dataclasses.replace(opening.actor, session=getattr(request.session, "fingerprint", ""))
        doors.tell(Act.LOGIN, user, "sign-in")
        if any(record["method"] == "mfa" for record in get_authentication_records(request, user)):
            with doors.acting(opening.actor):
                factors.not_lost(user)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        throttle.remember(request, response, user)
        return response

    def logout(self, request: HttpRequest) -> None:
        """End the session, here and in the database."""
        doors.tell(Act.LOGOUT, request.user, "sign-out")  # type: ignore[arg-type]  # allauth asks only when signed in
        super().logout(request)

    # --- after ---

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        return not is_fresh(context.request)

    def clean_password(self, password: str, user: Any = None) -> str:
        if len(password) > limits.LONGEST_PASSWORD:
            raise ValidationError(_("At most %(count)s characters."), params={"count": limits.LONGEST_PASSWORD})
        return super().clean_password(password, user)

    def add_message(self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any) -> None:
        """Say nothing on coming and going: a page says that by itself, and a message would need a session."""
        if message_template not in ("account/messages/logged_in.txt", "account/messages/logged_out.txt"):
            super().add_message(request, level, message_template, *args, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """allauth sends nothing: what leaves the house is a row of the outbox, written by an action."""
        raise NotImplementedError("Mail leaves by practice.actions.outbox.")

    def send_notification_mail(self, template_prefix: str, user: Any, *args: Any, **kwargs: Any) -> None:
        """Nothing here: the action that changed the account queues its notice in the same transaction."""

"""Second factors: secrets sealed to their person, a code good for one use, and fresh proof before dangerous acts."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context
from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode

from audit import clock
from vault import box

from .models import User
from .sessions import COMPARTMENT
from .signin import NO_ENTRY, is_fresh

_whose: ContextVar[UUID | None] = ContextVar("subrosa_factor_of", default=None)


@contextmanager
def belonging_to(person: Any) -> Iterator[None]:
    """Seal and open factors of ``person`` within the block, where nobody is signed in yet."""
    token = _whose.set(person.pk)
    try:
        yield
    finally:
        _whose.reset(token)


def _label() -> str:
    return f"factor {_whose.get() or context.request.user.pk}"


class Factors(DefaultMFAAdapter):
    """allauth's hooks for second factors. A secret moved to another person's row does not open."""

    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": NO_ENTRY}

    def encrypt(self, text: str) -> str:
        return base64.b64encode(box.seal(COMPARTMENT, _label(), text.encode())).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return box.unseal(_label(), base64.b64decode(encrypted_text)).decode()

    def _get_user_identifier(self, user: Any) -> str:
        return str(user.email)

    def _get_site_name(self) -> str:
        return app_settings.TOTP_ISSUER

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Our own name from SITE_URL; in the demo also the name the visitor used, since only "localhost" takes passkeys."""
        host = context.request.get_host().partition(":")[0] if settings.DEMO or settings.TESTING else ""
        return {"id": host or urlsplit(settings.SITE_URL).hostname or "", "name": self._get_site_name()}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        return super().get_public_key_credential_user_entity(user) | {"display_name": user.name}

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        """A name to begin with, which its owner may change: "Passkey", "Passkey 2"."""
        there = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return f"Passkey {there + 1}" if there else "Passkey"

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Nothing here: the action that changed the factor queues its notice in the same transaction."""


def spend_code(factor: Authenticator, person: User, code: str) -> bool:
    """Whether ``code`` opens ``factor`` of ``person`` now. A code is used up: no second request, however close, gets in.

    The row is locked, and the step of the last good code is kept in it; only later steps are accepted (RFC 6238 5.2).
    """
    with transaction.atomic(), belonging_to(person):
        row = Authenticator.objects.select_for_update().get(pk=factor.pk, user=person)
        return _spend_step(row, code) if row.type == Authenticator.Type.TOTP else row.wrap().validate_code(code)


def _spend_step(row: Authenticator, code: str) -> bool:
    secret = Factors().decrypt(row.data["secret"])
    typed = "".join(code.split())
    for step in steps_now():
        right = hmac.compare_digest(format_hotp_value(hotp_value(secret, step)).encode(), typed.encode())
        if right and step > row.data.get("step", 0):
            row.data["step"] = step
            row.save(update_fields=["data"])
            return True
    return False


def steps_now() -> range:
    """The time steps whose codes are good now: this one and one to either side."""
    now = int(clock.now().timestamp()) // app_settings.TOTP_PERIOD
    return range(now - app_settings.TOTP_TOLERANCE, now + app_settings.TOTP_TOLERANCE + 1)


def factors_of(person: Any) -> list[Authenticator]:
    """The factors of ``person`` that take a typed code, the app first."""
    typed = Authenticator.objects.filter(user=person.pk).exclude(type=Authenticator.Type.WEBAUTHN)
    return sorted(typed, key=lambda factor: factor.type != Authenticator.Type.TOTP)


View = Callable[..., HttpResponseBase]


def reauthenticated(view: View) -> View:
    """Under a door: go on only within five minutes of a sign-in or confirmation, else confirm first and come back.

    What was posted is not kept: the form is filled in again.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_fresh(request):
            return view(request, *args, **kwargs)
        methods = get_account_adapter().get_reauthentication_methods(request.user)
        if not methods:  # came by invitation, chose a passkey and has none yet: a link by mail sets a password
            return HttpResponseRedirect(reverse("account_reset_password"))
        back = request.get_full_path() if request.method == "GET" else request.path
        return HttpResponseRedirect(f"{methods[0]['url']}?{urlencode({'next': back})}")

    return guarded

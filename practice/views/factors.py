"""One's own second factors: authenticator app, passkeys, recovery codes. Each change needs fresh proof."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa import app_settings
from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from audit.doors import changes, exports, lists, reads
from practice import access
from practice.actions import credentials
from practice.factors import reauthenticated
from practice.middleware import FACTOR_FLAG
from practice.models import User
from practice.sessions import stored_key

from .entrance import rendered


def _change(request: HttpRequest, person: User, part: str, what: str, view: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Run allauth's ``view``; where it changed something, leave the line, tell the person and end other sessions."""
    response = rendered(view())
    if request.method == "POST" and response.status_code == 302:
        request.session.pop(FACTOR_FLAG, None)
        credentials.changed(person, part, what, keep=stored_key(request.session.session_key or ""))
    return response


@reads(access.own_account)
def mfa_index(request: HttpRequest, person: User) -> HttpResponseBase:
    """What one's second step is."""
    return rendered(base.index(request))


@changes(access.own_account)
@reauthenticated
def mfa_activate_totp(request: HttpRequest, person: User) -> HttpResponseBase:
    """Set up the authenticator app."""
    return _change(request, person, "mfa_activate_totp", "an authenticator app was added", lambda: totp.activate_totp(request))


@changes(access.own_account)
@reauthenticated
def mfa_deactivate_totp(request: HttpRequest, person: User) -> HttpResponseBase:
    """Turn the authenticator app off."""
    return _change(request, person, "mfa_deactivate_totp", "the authenticator app was removed", lambda: totp.deactivate_totp(request))


def _own_codes(person: User) -> list[str]:
    found = Authenticator.objects.filter(user=person, type=Authenticator.Type.RECOVERY_CODES).first()
    if found is None:
        raise Http404
    unused: list[str] = found.wrap().get_unused_codes()
    return unused


@reads(access.own_account)
@reauthenticated
def mfa_view_recovery_codes(request: HttpRequest, person: User) -> HttpResponse:
    """The recovery codes not used yet."""
    shown = {"can_view_codes": True, "can_download_codes": True, "can_generate_codes": True}
    page = {"unused_codes": _own_codes(person), "total_count": app_settings.RECOVERY_CODE_COUNT, **shown}
    return render(request, "mfa/recovery_codes/index.html", page)


@exports(access.own_account)
@reauthenticated
def mfa_download_recovery_codes(request: HttpRequest, person: User) -> HttpResponse:
    """The recovery codes as a file."""
    text = "\n".join(_own_codes(person)) + "\n"
    headers = {"Content-Disposition": 'attachment; filename="recovery-codes.txt"'}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)


@changes(access.own_account)
@reauthenticated
def mfa_generate_recovery_codes(request: HttpRequest, person: User) -> HttpResponseBase:
    """New recovery codes; the old ones stop working."""
    return _change(request, person, "mfa_generate_recovery_codes", "new recovery codes", lambda: codes.generate_recovery_codes(request))


@lists(access.own_passkeys)
def mfa_list_webauthn(request: HttpRequest, keys: object) -> HttpResponseBase:
    """One's own passkeys."""
    return rendered(passkeys.list_webauthn(request))


@changes(access.own_account)
@reauthenticated
def mfa_add_webauthn(request: HttpRequest, person: User) -> HttpResponseBase:
    """Add a passkey."""
    return _change(request, person, "mfa_add_webauthn", "a passkey was added", lambda: passkeys.add_webauthn(request))


@changes(access.own_passkeys)
@reauthenticated
def mfa_edit_webauthn(request: HttpRequest, key: Authenticator) -> HttpResponseBase:
    """Rename a passkey."""
    return _change(request, key.user, "mfa_edit_webauthn", "a passkey was renamed", lambda: passkeys.edit_webauthn(request, pk=key.pk))


@changes(access.own_passkeys)
@reauthenticated
def mfa_remove_webauthn(request: HttpRequest, key: Authenticator) -> HttpResponseBase:
    """Remove a passkey."""
    return _change(request, key.user, "mfa_remove_webauthn", "a passkey was removed", lambda: passkeys.remove_webauthn(request, pk=key.pk))

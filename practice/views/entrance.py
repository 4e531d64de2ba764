"""allauth's pages in use, each behind a door of ours. Sign-up and e-mail management have no route."""

from __future__ import annotations

from http import HTTPStatus

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.webauthn import views as passkeys
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse

from audit.doors import changes, public
from practice import access
from practice.models import User
from practice.sessions import SessionStore


def rendered(response: HttpResponseBase) -> HttpResponseBase:
    """Render ``response`` now, while the door is open."""
    if isinstance(response, SimpleTemplateResponse):
        response.render()
    return response


@public("Signing in is where everybody begins.")
def account_login(request: HttpRequest) -> HttpResponseBase:
    """Address and password; on to the second factor where there is one."""
    return rendered(account.login(request))


@public("Signing out asks for nothing, and does nothing for someone not signed in.")
def account_logout(request: HttpRequest) -> HttpResponseBase:
    """GET asks, POST signs out."""
    return rendered(account.logout(request))


@public("The second step of signing in: nobody is signed in yet.")
def mfa_authenticate(request: HttpRequest) -> HttpResponseBase:
    """A code or a passkey, after the password."""
    return rendered(mfa.authenticate(request))


@public("Signing in with a passkey, from the sign-in page.")
def mfa_login_webauthn(request: HttpRequest) -> HttpResponseBase:
    """A passkey instead of address, password and code."""
    return rendered(passkeys.login_webauthn(request))


def _confirmed(request: HttpRequest, answer: HttpResponseBase) -> HttpResponseBase:
    """The page; once somebody confirmed who they are (it sends them on), their session has another key."""
    if request.method == "POST" and answer.status_code == HTTPStatus.FOUND and isinstance(request.session, SessionStore):
        request.session.renew()
    return rendered(answer)


@changes(access.own_account)
def account_reauthenticate(request: HttpRequest, person: User) -> HttpResponseBase:
    """The password again, before a dangerous act."""
    return _confirmed(request, account.reauthenticate(request))


@changes(access.own_account)
def mfa_reauthenticate(request: HttpRequest, person: User) -> HttpResponseBase:
    """A code again, before a dangerous act."""
    return _confirmed(request, mfa.reauthenticate(request))


@changes(access.own_account)
def mfa_reauthenticate_webauthn(request: HttpRequest, person: User) -> HttpResponseBase:
    """A passkey again, before a dangerous act."""
    return _confirmed(request, passkeys.reauthenticate_webauthn(request))

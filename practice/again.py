"""Signing in again on the page one was on: its session ended, its words are still there.

The page carries a mark of whom it was made for, so that only a password is asked, and so that nobody else gets it back.
The mark opens nothing: the password is a guess like any other, counted and told, and the second step follows as always.
"""

from __future__ import annotations

from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.internal.stagekit import get_pending_stage
from allauth.account.models import Login
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from .forms.factors import CodeForm
from .models import User

_SALT = "practice.again"


def mark_of(person: User) -> str:
    """What a page made for ``person`` carries; the same on every page of theirs."""
    return Signer(salt=_SALT).sign(str(person.pk))


def person_of(mark: str) -> User | None:
    """Whom the page with ``mark`` was made for; None for a mark that is not ours."""
    try:
        ident = UUID(Signer(salt=_SALT).unsign(mark))
    except (BadSignature, ValueError):
        return None
    return User.objects.filter(pk=ident).first()


def by_password(request: HttpRequest, person: User, password: str) -> HttpResponseBase | None:
    """The first step; allauth's answer, or None where the password did not let ``person`` in."""
    found = get_adapter().authenticate(request, username=person.username, password=password)
    if found is None:
        return None
    return perform_password_login(request, {"username": person.username}, Login(user=found))


def by_code(request: HttpRequest, person: User, code: str) -> HttpResponseBase | None:
    """The second step; None where no first step of ``person`` came before it, or the code was wrong."""
    stage = get_pending_stage(request)
    if stage is None or stage.login.user != person:
        return None
    form = CodeForm(user=person, data={"code": code})  # type: ignore[call-arg]  # allauth's base takes it
    if not form.is_valid():
        return None
    form.save()
    answer: HttpResponseBase = stage.exit()
    return answer


def is_half_way(request: HttpRequest) -> bool:
    """Whether the first step was right and a second one is asked for."""
    return get_pending_stage(request) is not None

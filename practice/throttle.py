"""Counts guesses in PostgreSQL. A guess is written down first and judged after, so that a race gains nothing.

Devices that signed in before have a counter of their own: an attacker elsewhere cannot lock their person out.
"""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac

from audit import clock
from audit.middleware import address_of

from . import limits
from .limits import Limit
from .models import Attempt, User

COOKIE = "__Host-known" if settings.SECURE else "known"
_SALT = "practice.known-device"
_YEAR = 365 * 24 * 3600
_PEOPLE_PER_DEVICE = 5


# --- known devices ----------------------------------------------------------------------------------------------------


def _mark(account: str) -> str:
    return salted_hmac(_SALT, account, algorithm="sha256").hexdigest()[:32]


def _marks(request: HttpRequest) -> list[str]:
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_YEAR)
    except signing.BadSignature:
        return []
    return found if isinstance(found, list) else []


def knows(request: HttpRequest, account: str) -> bool:
    """Whether this device has been through a full sign-in of ``account`` (its username token) within a year."""
    return _mark(account) in _marks(request)


def remember(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """Let this device count as known to ``user``. It is no factor: it only chooses the counter."""
    mine = _mark(user.username)
    marks = [mine, *[mark for mark in _marks(request) if mark != mine]][:_PEOPLE_PER_DEVICE]
    value = signing.dumps(marks, salt=_SALT)
    response.set_cookie(COOKIE, value, max_age=_YEAR, secure=settings.SECURE, httponly=True, samesite="Lax", path="/")


# --- guesses ----------------------------------------------------------------------------------------------------------


def guess(request: HttpRequest, account: str, kind: str) -> Attempt | None:
    """Write down a guess at ``account`` and return it, or None where there were too many already (it is not kept then,
    so that knocking on does not prolong the wait). Give it back with ``forgive`` if it was right."""
    known = knows(request, account)
    attempt = Attempt.objects.create(account=account, address=address_of(request), known_device=known, kind=kind)
    if all(_within(limit, guesses) for limit, guesses in _judged(attempt)):
        return attempt
    attempt.delete()
    return None


def forgive(attempt: Attempt) -> None:
    """The guess was right: it does not count."""
    attempt.delete()


def _within(limit: Limit, guesses: QuerySet[Attempt]) -> bool:
    return guesses.filter(at__gt=clock.now() - limit.window).count() <= limit.count


def _judged(attempt: Attempt) -> list[tuple[Limit, QuerySet[Attempt]]]:
    """Each limit that applies to ``attempt``, with the guesses it counts (``attempt`` among them)."""
    here = Attempt.objects.filter(kind=attempt.kind, known_device=attempt.known_device)
    account, address = here.filter(account=attempt.account), here.filter(address=attempt.address)
    if attempt.kind == "reset":
        return _each((limits.RESET_ACCOUNT, account), (limits.RESET_ADDRESS, address))
    if attempt.kind == "portal":
        return _each((limits.PORTAL_LINK, account), (limits.PORTAL_ADDRESS, address))
    if attempt.kind == "code":
        return _each((limits.CODES, account))
    if attempt.known_device:
        return _each((limits.KNOWN_DEVICE, account))
    pair = account.filter(address=attempt.address)
    return _each((limits.PAIR, pair), (limits.ACCOUNT, account), (limits.ADDRESS, address))


def _each(*rows: tuple[tuple[Limit, ...], QuerySet[Attempt]]) -> list[tuple[Limit, QuerySet[Attempt]]]:
    return [(limit, guesses) for group, guesses in rows for limit in group]


def tidy() -> None:
    """Forget guesses that no limit looks at any more."""
    Attempt.objects.filter(at__lt=clock.now() - limits.KEEP_ATTEMPTS).delete()

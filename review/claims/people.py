"""What the house answers about sign-in, sessions, passwords and pages (SE-2, SE-3, SE-7 to SE-9, SE-11)."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.hashers import get_hasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from audit import clock
from clients.access import emergencies_to_review
from clients.emergency import policy
from practice.limits import LONGEST_PASSWORD
from practice.middleware import Standing
from practice.models import SignedIn, User
from practice.sessions import alive, idle_limit

from . import Answer, Claim, active_if, counted

_STANDING = "practice.middleware.Standing"
_LONGEST_IDLE = 15  # minutes (SE-3)
_WEAK = ("short", "password", "passwordpassword", "aaaaaaaaaaaaaaaa", "correct horse battery staple")
_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def _emergency(user: Any) -> Answer:
    late = emergencies_to_review(user).filter(review_due__lte=clock.now()).count()
    longest = int(policy().longest.total_seconds() // 3600)
    said = f"An opening ends by itself after {policy().minutes} minutes, {longest} hours at most; {counted(late, 'review')} waits too long."
    return active_if(not late, said)


def _logoff(user: Any) -> Answer:
    minutes = int(idle_limit().total_seconds() // 60)
    kept = _STANDING in settings.MIDDLEWARE and settings.SESSION_ENGINE == "practice.sessions"
    ends = f"A sign-in ends after {minutes} minutes without its person, and after {settings.SESSION_COOKIE_AGE // 3600} hours at all."
    return active_if(kept and 0 < minutes <= _LONGEST_IDLE, ends if kept else "Nothing ends a sign-in here.")


def _factor(user: Any) -> Answer:
    staff = list(User.objects.staff().values_list("pk", flat=True))
    have = Authenticator.objects.filter(user__in=staff, type__in=_FACTORS).values("user").distinct().count()
    said = f"{have} of {counted(len(staff), 'colleague')} have set up a second step"
    if settings.DEMO or _STANDING not in settings.MIDDLEWARE:
        return Answer("Off", f"Colleagues get in without a second step; {said}.")
    return Answer("Active", f"Nobody of the staff gets further without one; {said} so far.")


def _pages(user: Any) -> Answer:
    if not settings.SECURE:
        return Answer("Off", "Pages are served without encryption at this address.")
    answer = Standing(lambda request: HttpResponse())(_plain_request())
    cookies = settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE and settings.SECURE_HSTS_SECONDS > 0
    return active_if(
        answer.status_code == 403 and cookies,
        f"Asked without encryption, it answered {answer.status_code}; cookies travel encrypted alone.",
    )


def _plain_request() -> HttpRequest:
    request = HttpRequest()
    request.method, request.path = "GET", "/"
    request.META = {"SERVER_NAME": "localhost", "SERVER_PORT": "80", "wsgi.url_scheme": "http"}
    return request


def _mail(user: Any) -> Answer:
    if not settings.EMAIL_HOST:
        return Answer("Off", "No mail leaves: no server for it is named.")
    return active_if(bool(settings.EMAIL_USE_SSL or settings.EMAIL_USE_TLS), "Mail is handed over encrypted, or not at all.")


def _passwords(user: Any) -> Answer:
    refused = sum(_is_refused(word) for word in _WEAK)
    hasher = str(get_hasher().algorithm)
    said = f"{refused} of {len(_WEAK)} weak ones were refused, {LONGEST_PASSWORD} letters are taken; stored as {hasher.capitalize()} alone."
    return active_if(refused == len(_WEAK) and hasher == "argon2", said)


def _is_refused(word: str) -> bool:
    try:
        validate_password(word)
    except ValidationError:
        return True
    return False


def _leavers(user: Any) -> Answer:
    now = clock.now()
    left = Q(user__is_active=False) | Q(user__leaves_at__lte=now)
    open_ = SignedIn.objects.filter(alive()).filter(left).count()
    gone = User.objects.filter(Q(is_active=False) | Q(leaves_at__lte=now)).count()
    return active_if(not open_, f"{counted(gone, 'account')} ended; {counted(open_, 'sign-in')} of them still open.")


CLAIMS = (
    Claim("emergency", "SE-2", "Emergency access, limited, reviewed", "How long it lasts, and whether a review is late.", _emergency),
    Claim("logoff", "SE-3", "Automatic logoff", "After how long a sign-in ends.", _logoff),
    Claim("factor", "SE-7", "Strong sign-in", "Whether staff get in without a second step.", _factor),
    Claim("pages", "SE-8", "Encryption in transit: pages", "What is answered to a request without encryption.", _pages),
    Claim("mail", "SE-8", "Encryption in transit: mail", "How mail is handed to its server.", _mail),
    Claim("passwords", "SE-9", "Passwords that hold", "Whether weak passwords are taken, and how passwords are stored.", _passwords),
    Claim("leavers", "SE-11", "Who left is out", "Whether somebody who left is still signed in.", _leavers),
)  # fmt: skip

"""Signing in through the real pages, with a second factor where a test wants one."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.conf import settings as configured
from django.test import Client as Browser

from audit import doors
from audit.models import Event
from practice import factors
from practice.models import Notice, User
from practice.roles import Role
from tests import cast
from tests.cast import PASSWORD


@pytest.fixture(autouse=True)
def relaxed(settings: Any) -> None:
    """As in the demo: staff may sign in without a second factor."""
    settings.DEMO = True


@pytest.fixture
def strict(relaxed: None, settings: Any) -> None:
    """As in a practice's own house: staff need a second factor."""
    settings.DEMO = False


@pytest.fixture
def browser() -> Browser:
    """A browser nobody is signed in with."""
    return Browser(headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0"})


def address(person: User) -> str:
    with doors.system("test"):
        return str(person.email)


def log_in(browser: Browser, person: User, password: str = PASSWORD, **extra: Any) -> Any:
    """Address and password, as typed on the page."""
    return browser.post("/accounts/login/", {"login": address(person), "password": password}, **extra)


def give_app(person: User) -> str:
    """An authenticator app for ``person``, with recovery codes; returns its secret."""
    secret = generate_totp_secret()
    with doors.system("test"), factors.belonging_to(person):
        TOTP.activate(person, secret)
        RecoveryCodes.activate(person)
    return secret


def recovery_codes(person: User) -> list[str]:
    with doors.system("test"), factors.belonging_to(person):
        return Authenticator.objects.get(user=person, type="recovery_codes").wrap().get_unused_codes()


def code_of(secret: str, late: int = 0) -> str:
    """What the app shows now, or ``late`` steps away."""
    return format_hotp_value(hotp_value(secret, factors.steps_now()[factors.app_settings.TOTP_TOLERANCE] + late))


def is_signed_in(browser: Browser) -> bool:
    return bool(browser.get("/accounts/sessions/").status_code == 200)


def lines(act: str, **fields: Any) -> list[Event]:
    """Lines of the trail, as an admin may read them."""
    reader = User.objects.at_address("reader@sub.test").first() or cast.person("Reader Rudd", Role.ADMIN)
    with doors.system("test", on_behalf_of=reader):
        return list(Event.objects.filter(act=act, **fields).order_by("id"))


def letters() -> list[tuple[str, str, str]]:
    """Every notice in the outbox: to, subject, body."""
    with doors.system("test"):
        return [(notice.to, notice.subject, notice.body) for notice in Notice.objects.order_by("due_at")]


def link_in(body: str) -> str:
    """The path of the link in a mail."""
    found = next(word for word in body.split() if word.startswith("http"))
    return found.removeprefix(configured.SITE_URL)

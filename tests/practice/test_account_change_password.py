"""A new password: long, one's own, told by mail, and other sessions end."""

from __future__ import annotations

import unicodedata

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client as Browser

from audit import doors
from practice.models import Practice, User
from tests.cast import PASSWORD

from .conftest import is_signed_in, letters, lines, log_in

URL = "/accounts/password/"
NEW = "seven kettles on a slow ferry"


def change(browser: Browser, new: str = NEW, old: str = PASSWORD) -> object:
    return browser.post(URL, {"oldpassword": old, "password1": new, "password2": new})


def test_it_is_changed_told_and_ends_other_sessions(browser: Browser, ana: User) -> None:
    thief = Browser()
    log_in(thief, ana)
    log_in(browser, ana)
    assert change(browser).status_code == 302
    assert is_signed_in(browser)
    assert not is_signed_in(thief)
    assert User.objects.get(pk=ana.pk).check_password(NEW)
    assert lines("change", part="password_change", actor_id=ana.pk)
    to, subject, body = letters()[-1]
    assert (to, subject) == ("ana@sub.test", "Your account was changed")
    assert not any(word in body.lower() for word in ("health", "counsel", "practice", "therap", "client"))


def test_the_old_password_is_needed_and_counted(browser: Browser, ana: User) -> None:
    log_in(browser, ana)
    assert change(browser, old="wrong wrong wrong").status_code == 200
    assert not User.objects.get(pk=ana.pk).check_password(NEW)
    assert lines("failed", actor_id=ana.pk)


@pytest.mark.parametrize(
    "password",
    [
        "too short 1234",
        "correct horse battery staple",
        "CORRECT-horse-battery-staple",
        "qwertyuiopasdfghjkl",
        "aaaaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",
        "ana reyes ana reyes 1",
        "Reyes, Ana (sub.test)",
        "hollow oak house 1",
    ],
)
def test_se_9_what_is_refused(ana: User, password: str) -> None:
    with doors.system("test"):
        Practice.objects.update(name="Hollow Oak House")
        with pytest.raises(ValidationError):
            validate_password(password, User.objects.get(pk=ana.pk))


@pytest.mark.parametrize(
    "password", ["under the rose 2026", NEW, "ana " + NEW, "x1 y2 z3 q4 w5 " * 10, "лампа над тихой водой", "a" * 20 + "bcdefghij" * 12]
)
def test_se_9_what_is_taken(ana: User, password: str) -> None:
    with doors.system("test"):
        validate_password(password, ana)


def test_nothing_is_cut_off() -> None:
    long = "lantern " * 25
    stored = make_password(long + "a")
    assert check_password(long + "a", stored)
    assert not check_password(long + "b", stored)
    assert not check_password(long, stored)


def test_the_same_letters_match_however_they_are_composed() -> None:
    typed = "die brücke über dem fluß é"
    stored = make_password(unicodedata.normalize("NFD", typed))
    assert stored.startswith("argon2$argon2id$")
    assert check_password(unicodedata.normalize("NFC", typed), stored)


@pytest.mark.parametrize("header", [{"x-requested-with": "XMLHttpRequest"}, {"accept": "application/json"}])
def test_a_change_asked_for_as_json_is_no_quieter_and_quotes_nothing(browser: Browser, ana: User, header: dict[str, str]) -> None:
    log_in(browser, ana)
    sent = browser.post(URL, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}, headers=header)
    assert PASSWORD not in sent.text
    assert sent.status_code == 302
    assert lines("change", part="password_change", actor_id=ana.pk)
    assert letters()[-1][1] == "Your account was changed"

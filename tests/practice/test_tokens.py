"""Keys of sessions and signed marks: made by chance that nobody foretells, good for their time and their purpose alone (ASVS V7.2, V9)."""

from __future__ import annotations

import base64
import datetime
from unittest.mock import patch

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.core import signing
from django.test import Client as Browser
from django.test import RequestFactory

from practice import again, throttle
from practice.models import User
from practice.sessions import SessionStore

from .conftest import address, give_app, letters, link_in, recovery_codes

DEVICE = "practice.known-device"


def test_the_key_of_a_session_is_drawn_by_the_systems_own_chance() -> None:
    keys = {SessionStore()._get_new_session_key() for _ in range(1000)}
    assert (len(keys), {len(key) for key in keys}) == (1000, {32})  # 36 letters: 165 bits
    with patch("secrets.choice", return_value="q"):
        assert SessionStore()._get_new_session_key() == "q" * 32


def test_codes_for_an_emergency_have_eight_digits_each_and_differ(ana: User) -> None:
    give_app(ana)
    codes = recovery_codes(ana)
    assert (len(codes), len(set(codes))) == (10, 10)
    assert all(len(code) == 8 and code.isdigit() for code in codes)  # 26 bits


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (31, 404)])
def test_a_link_for_a_lost_password_ends_after_half_an_hour(browser: Browser, ana: User, minutes: int, status: int) -> None:
    browser.post("/accounts/password/lost/", {"email": address(ana)})
    later = datetime.datetime.now() + datetime.timedelta(minutes=minutes)  # noqa: DTZ005 (Django's generator counts so)
    with patch("django.contrib.auth.tokens.PasswordResetTokenGenerator._now", return_value=later):
        assert browser.get(link_in(letters()[-1][2])).status_code == status


def _knows(cookie: str, ana: User) -> bool:
    request = RequestFactory().get("/")
    request.COOKIES[throttle.COOKIE] = cookie
    return throttle.knows(request, ana.username)


def test_a_mark_of_one_kind_is_none_of_another_and_each_letter_of_it_counts(ana: User) -> None:
    device = signing.dumps([throttle._mark(ana.username)], salt=DEVICE)
    mark = again.mark_of(ana)
    assert _knows(device, ana)
    assert again.person_of(mark) == ana
    assert not _knows(mark, ana)
    assert again.person_of(device) is None
    assert again.person_of(signing.Signer(salt=DEVICE).sign(str(ana.pk))) is None
    for place in range(len(mark) - 1):
        assert again.person_of(mark[:place] + ("x" if mark[place] != "x" else "y") + mark[place + 1 :]) is None
        assert place >= len(device) - 1 or not _knows(device[:place] + ("x" if device[place] != "x" else "y") + device[place + 1 :], ana)


def test_a_device_is_known_for_a_year(ana: User) -> None:
    with patch("time.time", return_value=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC).timestamp()):
        old = signing.dumps([throttle._mark(ana.username)], salt=DEVICE)
    assert not _knows(old, ana)


def test_a_mark_by_another_key_another_algorithm_or_none_is_nobodys(ana: User) -> None:
    assert not _knows(signing.dumps([throttle._mark(ana.username)], salt=DEVICE, key="another key of the same length"), ana)
    said = {way: signing.Signer(salt="practice.again", algorithm=way).sign(str(ana.pk)) for way in ("sha256", "sha1", "md5", "sha512")}
    assert {way: again.person_of(mark) for way, mark in said.items()} == {"sha256": ana, "sha1": None, "md5": None, "sha512": None}
    assert {again.person_of(mark) for mark in (str(ana.pk), f"{ana.pk}:", f"{ana.pk}:none")} == {None}


def test_secrets_of_second_factors_are_drawn_by_the_systems_own_chance() -> None:
    with patch("secrets.token_bytes", return_value=b"q" * 20) as drawn, patch("secrets.token_hex", return_value="ab" * 40) as seeded:
        assert generate_totp_secret() == base64.b32encode(b"q" * 20).decode()
        assert RecoveryCodes.generate_seed() == "ab" * 40
    assert drawn.call_args.args[0] >= 16
    assert seeded.call_args.args[0] >= 16

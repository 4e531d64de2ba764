"""Guesses are counted per account and address, and nobody can lock somebody else out."""

from __future__ import annotations

import datetime

from django.test import Client as Browser

from audit import clock
from practice import limits, throttle
from practice.models import Attempt, User
from practice.signin import NO_ENTRY
from tests.cast import PASSWORD

from .conftest import address, log_in

HOME = "198.51.100.7"
ELSEWHERE = "203.0.113.9"


def guess(person: User, source: str, times: int = 1) -> None:
    for _ in range(times):
        Browser(REMOTE_ADDR=source).post("/accounts/login/", {"login": address(person), "password": "wrong wrong wrong"})


def test_after_five_guesses_the_right_password_is_not_looked_at(ana: User) -> None:
    guess(ana, ELSEWHERE, 5)
    answer = log_in(Browser(REMOTE_ADDR=ELSEWHERE), ana)
    assert answer.status_code == 200
    assert str(NO_ENTRY) in answer.text


def test_the_wait_ends_by_itself(ana: User) -> None:
    guess(ana, ELSEWHERE, 8)
    with clock.at(clock.now() + datetime.timedelta(minutes=16)):
        assert log_in(Browser(REMOTE_ADDR=ELSEWHERE), ana).status_code == 302


def test_knocking_on_does_not_prolong_the_wait(ana: User) -> None:
    guess(ana, ELSEWHERE, 20)
    assert Attempt.objects.count() == 5


def test_a_right_password_does_not_count(ana: User) -> None:
    log_in(Browser(REMOTE_ADDR=HOME), ana)
    assert not Attempt.objects.exists()


def test_attack_80_an_attacker_cannot_lock_a_known_device_out(ana: User) -> None:
    own = Browser(REMOTE_ADDR=HOME)
    log_in(own, ana)
    own.post("/accounts/logout/")
    for host in range(1, 11):
        guess(ana, f"203.0.113.{host}", 5)
    assert log_in(Browser(REMOTE_ADDR="203.0.113.77"), ana).status_code == 200  # strangers are refused now
    assert log_in(own, ana).status_code == 302


def test_attack_80_a_forged_header_does_not_choose_the_counter(ana: User) -> None:
    for number in range(6):
        browser = Browser(REMOTE_ADDR=ELSEWHERE, HTTP_X_FORWARDED_FOR=f"192.0.2.{number}")
        browser.post("/accounts/login/", {"login": address(ana), "password": "wrong wrong wrong"})
    assert {str(attempt.address) for attempt in Attempt.objects.all()} == {ELSEWHERE}
    assert Attempt.objects.count() == 5


def test_attack_80_a_forged_device_cookie_is_not_known(ana: User) -> None:
    browser = Browser(REMOTE_ADDR=ELSEWHERE)
    browser.cookies[throttle.COOKIE] = "eyJmb3JnZWQiOnRydWV9:1x:abc"
    browser.post("/accounts/login/", {"login": address(ana), "password": "wrong wrong wrong"})
    assert not Attempt.objects.get().known_device


def test_attack_80_a_device_known_to_ben_is_a_stranger_to_ana(ana: User, ben: User) -> None:
    bens = Browser(REMOTE_ADDR=ELSEWHERE)
    log_in(bens, ben)
    bens.post("/accounts/logout/")
    bens.post("/accounts/login/", {"login": address(ana), "password": "wrong wrong wrong"})
    assert not Attempt.objects.get().known_device


def test_attack_80_colleagues_at_one_address_are_not_locked_by_each_other(ana: User, ben: User) -> None:
    guess(ben, HOME, 6)
    assert log_in(Browser(REMOTE_ADDR=HOME), ana).status_code == 302


def test_a_known_device_has_its_limit_too(ana: User) -> None:
    own = Browser(REMOTE_ADDR=HOME)
    log_in(own, ana)
    own.post("/accounts/logout/")
    for _ in range(limits.KNOWN_DEVICE[0].count):
        own.post("/accounts/login/", {"login": address(ana), "password": "wrong wrong wrong"})
    assert log_in(own, ana).status_code == 200


def test_unknown_addresses_are_counted_alike(db: None) -> None:
    for _ in range(6):
        Browser(REMOTE_ADDR=ELSEWHERE).post("/accounts/login/", {"login": "nobody@sub.test", "password": PASSWORD})
    assert Attempt.objects.count() == 5


def test_old_guesses_are_forgotten(ana: User) -> None:
    guess(ana, ELSEWHERE)
    with clock.at(clock.now() + limits.KEEP_ATTEMPTS + datetime.timedelta(minutes=1)):
        throttle.tidy()
    assert not Attempt.objects.exists()

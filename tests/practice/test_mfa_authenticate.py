"""The second step: compulsory for staff, not to be skipped, replayed, raced or guessed."""

from __future__ import annotations

import datetime

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client as Browser

from audit import clock, doors
from practice.factors import factors_of, spend_code
from practice.models import Attempt, User
from practice.signin import NO_ENTRY
from vault.blob import SealBroken

from .conftest import code_of, give_app, is_signed_in, lines, log_in, recovery_codes

STEP = "/accounts/second-step/"


def test_the_password_alone_does_not_sign_in(browser: Browser, ana: User) -> None:
    give_app(ana)
    assert log_in(browser, ana)["Location"] == STEP
    assert not is_signed_in(browser)
    assert not lines("login")


def test_the_code_does(browser: Browser, ana: User) -> None:
    secret = give_app(ana)
    log_in(browser, ana)
    assert browser.get(STEP).status_code == 200
    assert browser.post(STEP, {"code": code_of(secret)})["Location"] == "/"
    assert is_signed_in(browser)
    assert [line.actor_id for line in lines("login")] == [ana.pk]


def test_spaces_in_the_code_do_not_matter(browser: Browser, ana: User) -> None:
    secret = give_app(ana)
    log_in(browser, ana)
    code = code_of(secret)
    assert browser.post(STEP, {"code": f"{code[:3]} {code[3:]}"}).status_code == 302


@pytest.mark.parametrize("url", ["/", "/accounts/sessions/", "/accounts/factors/", "/accounts/factors/codes/", "/staff/"])
def test_attack_84_the_second_step_cannot_be_walked_around(browser: Browser, ada: User, url: str) -> None:
    give_app(ada)
    log_in(browser, ada)
    assert browser.get(url)["Location"].startswith("/accounts/login/")


def test_attack_84_the_second_step_without_the_first_leads_nowhere(browser: Browser, ana: User) -> None:
    secret = give_app(ana)
    assert browser.post(STEP, {"code": code_of(secret)})["Location"] == "/accounts/login/"
    assert not is_signed_in(browser)


def test_attack_81_a_code_is_used_up(browser: Browser, ana: User) -> None:
    secret = give_app(ana)
    code = code_of(secret)
    log_in(browser, ana)
    browser.post(STEP, {"code": code})
    thief = Browser()
    log_in(thief, ana)
    assert str(NO_ENTRY) in thief.post(STEP, {"code": code}).text
    assert not is_signed_in(thief)


def test_attack_81_an_older_code_is_dead_after_a_newer_one(ana: User) -> None:
    secret = give_app(ana)
    factor = factors_of(ana)[0]
    with doors.system("test"):
        assert spend_code(factor, ana, code_of(secret, late=1))
        assert not spend_code(factor, ana, code_of(secret))
        assert not spend_code(factor, ana, code_of(secret, late=1))


def test_attack_81_a_code_of_another_time_is_wrong(ana: User) -> None:
    secret = give_app(ana)
    code = code_of(secret)
    with doors.system("test"), clock.at(clock.now() + datetime.timedelta(minutes=2)):
        assert not spend_code(factors_of(ana)[0], ana, code)


def test_attack_81_the_code_of_somebody_else_is_wrong(browser: Browser, ana: User, ben: User) -> None:
    give_app(ana)
    bens = give_app(ben)
    log_in(browser, ana)
    assert browser.post(STEP, {"code": code_of(bens)}).status_code == 200
    assert not is_signed_in(browser)


def test_attack_81_a_secret_moved_to_another_person_does_not_open(ana: User, ben: User) -> None:
    give_app(ana)
    secret = give_app(ben)
    bens = Authenticator.objects.get(user=ben, type="totp")
    Authenticator.objects.filter(user=ana, type="totp").update(data=bens.data)
    with doors.system("test"), pytest.raises(SealBroken):
        spend_code(factors_of(ana)[0], ana, code_of(secret))


def test_attack_81_guessing_ends_after_five_also_for_the_right_code(browser: Browser, ana: User) -> None:
    secret = give_app(ana)
    log_in(browser, ana)
    for number in range(5):
        browser.post(STEP, {"code": f"00000{number}"})
    assert str(NO_ENTRY) in browser.post(STEP, {"code": code_of(secret)}).text
    assert not is_signed_in(browser)
    assert Attempt.objects.filter(kind="code").count() == 5
    assert len(lines("failed", part="second factor", what_id=ana.pk)) == 6


def test_a_recovery_code_opens_once(browser: Browser, ana: User) -> None:
    give_app(ana)
    code = recovery_codes(ana)[0]
    log_in(browser, ana)
    assert browser.post(STEP, {"code": code}).status_code == 302
    again = Browser()
    log_in(again, ana)
    assert again.post(STEP, {"code": code}).status_code == 200
    assert code not in recovery_codes(ana)


def test_secrets_are_sealed_in_the_database(ana: User) -> None:
    secret = give_app(ana)
    stored = str(list(Authenticator.objects.filter(user=ana).values_list("data", flat=True)))
    assert secret not in stored
    assert not any(code in stored for code in recovery_codes(ana))


def test_whoever_leaves_between_the_two_steps_does_not_get_in(browser: Browser, ana: User) -> None:
    secret = give_app(ana)
    log_in(browser, ana)
    User.objects.filter(pk=ana.pk).update(is_active=False)
    browser.post(STEP, {"code": code_of(secret)})
    assert not is_signed_in(browser)
    assert not lines("login")


def test_se_7_staff_without_a_second_factor_reach_the_enrolment_only(browser: Browser, ana: User, strict: None) -> None:
    log_in(browser, ana)
    for url in ("/", "/staff/", "/outbox/", "/accounts/password/"):
        assert browser.get(url)["Location"] == "/accounts/factors/", url
    for url in ("/accounts/factors/", "/accounts/factors/app/on/", "/accounts/passkeys/add/", "/accounts/sessions/"):
        assert browser.get(url).status_code == 200, url


def test_staff_with_one_go_on(browser: Browser, ana: User, strict: None) -> None:
    secret = give_app(ana)
    log_in(browser, ana)
    browser.post(STEP, {"code": code_of(secret)})
    assert browser.get("/").status_code == 200


def test_clients_may_go_without(browser: Browser, portal_cleo: User, strict: None) -> None:
    log_in(browser, portal_cleo)
    assert browser.get("/accounts/sessions/").status_code == 200
    assert browser.get("/accounts/password/").status_code == 200  # which staff without one are sent away from


def test_se_7_codes_for_an_emergency_are_no_second_factor_by_themselves(browser: Browser, ana: User, strict: None) -> None:
    give_app(ana)
    Authenticator.objects.filter(user=ana, type=Authenticator.Type.TOTP).delete()
    browser.force_login(ana, backend="practice.signin.SignIn")
    assert browser.get("/")["Location"] == "/accounts/factors/"


def test_the_passkey_page_gives_a_fresh_challenge(browser: Browser, db: None) -> None:
    ask = {"accept": "application/json"}
    first, second = (browser.get("/accounts/passkeys/login/", headers=ask).json() for _ in range(2))
    challenge = first["request_options"]["publicKey"]["challenge"]
    assert len(challenge) >= 22
    assert challenge != second["request_options"]["publicKey"]["challenge"]


@pytest.mark.parametrize("junk", ["", "{}", "[]", '{"id": "x"}', '{"response": {"userHandle": "AAAA"}}', '"text"', "null", "not json"])
def test_a_made_up_passkey_is_refused_calmly(browser: Browser, ana: User, junk: str) -> None:
    browser.get("/accounts/passkeys/login/", headers={"accept": "application/json"})
    assert browser.post("/accounts/passkeys/login/", {"credential": junk})["Location"] == "/accounts/login/"
    assert not is_signed_in(browser)

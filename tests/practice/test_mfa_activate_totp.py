"""Setting up, showing and removing one's own second factor: fresh proof, a line, a mail, and other sessions end."""

from __future__ import annotations

import datetime
import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client as Browser
from django.urls import reverse

from audit import clock
from practice.models import User
from tests.cast import PASSWORD

from .conftest import code_of, give_app, is_signed_in, letters, lines, log_in, recovery_codes

ON, CODES = "/accounts/factors/app/on/", "/accounts/factors/codes/"


def set_up(browser: Browser) -> str:
    """Go through the page as a person does; returns the secret it showed."""
    secret = re.search(r'class="secret">(\w+)<', browser.get(ON).text)
    assert secret
    assert browser.post(ON, {"code": code_of(secret[1])})["Location"] == CODES
    return secret[1]


def enter(browser: Browser, person: User) -> None:
    secret = give_app(person)
    log_in(browser, person)
    browser.post("/accounts/second-step/", {"code": code_of(secret)})


def test_an_app_is_set_up_and_recovery_codes_shown(browser: Browser, ana: User) -> None:
    log_in(browser, ana)
    secret = set_up(browser)
    page = browser.get(CODES)
    assert all(code in page.text for code in recovery_codes(ana))
    assert secret not in str(Authenticator.objects.get(user=ana, type="totp").data)
    assert lines("change", part="mfa_activate_totp", actor_id=ana.pk)
    assert letters()[-1][1] == "Your account was changed"


def test_a_wrong_code_sets_nothing_up(browser: Browser, ana: User) -> None:
    log_in(browser, ana)
    browser.get(ON)
    assert browser.post(ON, {"code": "000000"}).status_code == 200
    assert not Authenticator.objects.exists()


def test_attack_83_a_new_factor_ends_other_sessions(browser: Browser, ana: User) -> None:
    thief = Browser()
    log_in(thief, ana)
    log_in(browser, ana)
    set_up(browser)
    assert is_signed_in(browser)
    assert not is_signed_in(thief)


@pytest.mark.parametrize(
    "route",
    [
        "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes",
        "mfa_add_webauthn",
    ],
)  # fmt: skip
def test_attack_86_an_old_session_confirms_first(browser: Browser, ana: User, route: str) -> None:
    url = reverse(route)
    enter(browser, ana)
    with clock.at(clock.now() + datetime.timedelta(minutes=6)):
        for answer in (browser.get(url), browser.post(url)):
            assert answer.status_code in (302, 405)
            if answer.status_code == 302:
                assert answer["Location"].startswith("/accounts/reauthenticate/?next=%2Faccounts%2F")
    assert Authenticator.objects.filter(user=ana).count() == 2


def test_the_app_is_turned_off_and_its_owner_told(browser: Browser, ben: User, ana: User) -> None:
    give_app(ben)
    enter(browser, ana)
    assert browser.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert Authenticator.objects.filter(user=ben).count() == 2
    assert not Authenticator.objects.filter(user=ana).exists()
    assert lines("change", part="mfa_deactivate_totp", actor_id=ana.pk)


def test_new_recovery_codes_kill_the_old(browser: Browser, ana: User) -> None:
    enter(browser, ana)
    before = recovery_codes(ana)
    assert browser.post(CODES + "new/").status_code == 302
    assert not set(before) & set(recovery_codes(ana))


def test_ones_own_recovery_codes_are_shown_and_leave_as_a_file_with_an_export_line(browser: Browser, ben: User, ana: User) -> None:
    give_app(ben)
    enter(browser, ana)
    assert all(code in browser.get(reverse("mfa_view_recovery_codes")).text for code in recovery_codes(ana))
    answer = browser.get(reverse("mfa_download_recovery_codes"))
    assert answer.text.split() == recovery_codes(ana)
    assert lines("export", actor_id=ana.pk, part="mfa_download_recovery_codes")


def test_nobody_has_codes_without_a_factor(browser: Browser, ana: User) -> None:
    log_in(browser, ana)
    assert browser.get(CODES).status_code == 404


def test_the_index_counts_the_codes(browser: Browser, ana: User) -> None:
    enter(browser, ana)
    assert "10 codes left" in browser.get("/accounts/factors/").text


def test_a_passkey_of_somebody_else_is_not_there(browser: Browser, ana: User, ben: User) -> None:
    key = Authenticator.objects.create(user=ben, type="webauthn", data={"name": "Ben's own key", "credential": {}})
    enter(browser, ana)
    for act in ("name", "remove"):
        for answer in (
            browser.get(f"/accounts/passkeys/{key.pk}/{act}/"),
            browser.post(f"/accounts/passkeys/{key.pk}/{act}/", {"name": "x"}),
        ):
            assert answer.status_code == 404
            assert "own key" not in answer.text
    assert "own key" not in browser.get("/accounts/passkeys/").text
    assert lines("refused", actor_id=ana.pk)


def test_own_passkeys_are_listed_named_and_removed(browser: Browser, ana: User) -> None:
    key = Authenticator.objects.create(user=ana, type="webauthn", data={"name": "Blue key", "credential": {}})
    secret = give_app(ana)
    log_in(browser, ana)
    # The step offers passkeys as well; the made-up one cannot be parsed there, so it is put aside for the sign-in.
    Authenticator.objects.filter(pk=key.pk).update(type="recovery_codes_aside")
    browser.post("/accounts/second-step/", {"code": code_of(secret)})
    Authenticator.objects.filter(pk=key.pk).update(type="webauthn")
    assert "Blue key" in browser.get("/accounts/passkeys/").text
    assert browser.post(f"/accounts/passkeys/{key.pk}/name/", {"name": "Green key"}).status_code == 302
    assert Authenticator.objects.get(pk=key.pk).data["name"] == "Green key"
    assert browser.post(f"/accounts/passkeys/{key.pk}/remove/").status_code == 302
    assert not Authenticator.objects.filter(pk=key.pk).exists()


def test_confirming_by_password_opens_the_way(browser: Browser, ana: User) -> None:
    log_in(browser, ana)
    with clock.at(clock.now() + datetime.timedelta(minutes=6)):
        confirm = browser.get(ON)["Location"]
    assert browser.get(confirm).status_code == 200
    assert browser.post(confirm, {"password": "wrong wrong wrong", "next": ON}).status_code == 200
    assert lines("failed", actor_id=ana.pk)
    assert browser.post(confirm, {"password": PASSWORD, "next": ON})["Location"] == ON
    assert browser.get(ON).status_code == 200


def test_confirming_by_code_uses_the_code_up(browser: Browser, ana: User) -> None:
    enter(browser, ana)
    secret = give_app_again(ana)
    url = "/accounts/second-step/confirm/?next=/accounts/sessions/"
    assert browser.post(url, {"code": code_of(secret)})["Location"] == "/accounts/sessions/"
    assert browser.post(url, {"code": code_of(secret)}).status_code == 200


def give_app_again(person: User) -> str:
    Authenticator.objects.filter(user=person).delete()
    return give_app(person)


def test_attack_76_confirming_leads_nowhere_else(browser: Browser, ana: User) -> None:
    log_in(browser, ana)
    answer = browser.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "https://evil.test/"})
    assert answer["Location"] == "/"

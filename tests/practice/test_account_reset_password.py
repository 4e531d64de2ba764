"""A lost password: one answer, a link that survives scanners, works once, and touches no second factor."""

from __future__ import annotations

import datetime

from allauth.mfa.models import Authenticator
from django.test import Client as Browser

from audit import clock
from practice.models import Notice, User

from .conftest import address, code_of, give_app, is_signed_in, letters, lines, link_in, log_in

ASK = "/accounts/password/lost/"
NEW = {"password1": "seven kettles on a slow ferry", "password2": "seven kettles on a slow ferry"}


def ask(person: User, **extra: str) -> str:
    """Ask for a link; returns its path."""
    Browser(**extra).post(ASK, {"email": address(person)})
    return link_in(letters()[-1][2])


def test_the_link_lets_choose_a_password(browser: Browser, ana: User) -> None:
    link = ask(ana)
    assert browser.get(link).status_code == 200
    assert browser.post(link, NEW)["Location"] == "/accounts/password/new/done/"
    assert log_in(browser, ana, NEW["password1"]).status_code == 302
    line = lines("change", part="password_reset")[-1]
    assert (line.actor_id, line.role) == (ana.pk, "by link")


def test_attack_82_known_and_unknown_addresses_get_one_answer(ana: User, otto: User) -> None:
    answers = [Browser().post(ASK, {"email": email}) for email in (address(ana), "nobody@sub.test", address(otto))]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, "/accounts/password/lost/sent/")}
    assert [to for to, _, _ in letters()] == [address(ana)]


def test_the_owner_is_told_of_a_password_made_by_link(browser: Browser, ana: User) -> None:
    browser.post(ask(ana), NEW)
    assert [(to, subject) for to, subject, _ in letters()][-1] == (address(ana), "Your account was changed")


def test_a_mail_scanner_burns_nothing(browser: Browser, ana: User) -> None:
    link = ask(ana)
    for _ in range(5):
        assert Browser().get(link).status_code == 200
        assert Browser().head(link).status_code == 200
    assert browser.post(link, NEW).status_code == 302


def test_the_link_works_once(browser: Browser, ana: User) -> None:
    link = ask(ana)
    browser.post(link, NEW)
    other = {"password1": "nine copper bells in the fog", "password2": "nine copper bells in the fog"}
    assert Browser().post(link, other).status_code == 404
    assert "no longer works" in Browser().get(link).text
    assert User.objects.get(pk=ana.pk).check_password(NEW["password1"])


def test_the_link_is_short_lived(browser: Browser, ana: User) -> None:
    link = ask(ana)
    User.objects.filter(pk=ana.pk).update(last_login=clock.now() + datetime.timedelta(seconds=1))
    assert browser.get(link).status_code == 404  # a sign-in in between ends it as well


def test_an_altered_link_is_nothing(browser: Browser, ana: User, ben: User) -> None:
    mine, bens = ask(ana), ask(ben)
    swapped = "/".join([*mine.split("/")[:4], bens.split("/")[4], *mine.split("/")[5:]])
    for link in (swapped, mine[:-2] + "x/", mine.replace("/new/", "/new/x"), "/accounts/password/new/MTIz/abc-def/"):
        assert browser.get(link).status_code == 404, link


def test_attack_78_the_host_header_does_not_change_the_link(ana: User) -> None:
    Browser(SERVER_NAME="localhost").post(ASK, {"email": address(ana)}, headers={"x-forwarded-host": "evil.test"})
    body = letters()[-1][2]
    assert "http://127.0.0.1:8000/accounts/password/new/" in body
    assert "evil" not in body
    assert "localhost" not in body


def test_attack_78_a_foreign_host_is_refused(ana: User) -> None:
    assert Browser(SERVER_NAME="evil.test").post(ASK, {"email": address(ana)}).status_code == 400
    assert not Notice.objects.exists()


def test_attack_78_nothing_typed_reaches_a_mail_header(db: None, ana: User) -> None:
    Browser().post(ASK, {"email": f"{address(ana)}\r\nBcc: evil@evil.test"})
    assert not any("Bcc" in to or "\n" in to + subject for to, subject, _ in letters())


def test_the_mail_says_nothing_of_the_practice(ana: User) -> None:
    ask(ana)
    _, subject, body = letters()[-1]
    assert subject == "A link you asked for"
    assert not any(word in body.lower() for word in ("health", "counsel", "practice", "therap", "client", "ana", "record"))


def test_attack_84_a_link_by_mail_keeps_the_second_step(browser: Browser, ana: User) -> None:
    secret = give_app(ana)
    browser.post(ask(ana), NEW)
    assert Authenticator.objects.filter(user=ana, type="totp").exists()
    assert log_in(browser, ana, NEW["password1"])["Location"] == "/accounts/second-step/"
    assert not is_signed_in(browser)
    assert browser.post("/accounts/second-step/", {"code": code_of(secret)}).status_code == 302


def test_attack_83_it_ends_every_session_and_signs_nobody_in(browser: Browser, ana: User) -> None:
    thief = Browser()
    log_in(thief, ana)
    browser.post(ask(ana), NEW)
    assert not is_signed_in(thief)
    assert not is_signed_in(browser)


def test_attack_18_the_link_of_somebody_who_left_is_dead(browser: Browser, ana: User) -> None:
    link = ask(ana)
    User.objects.filter(pk=ana.pk).update(leaves_at=clock.now())
    assert browser.post(link, NEW).status_code == 404


def test_weak_passwords_are_refused_here_too(browser: Browser, ana: User) -> None:
    link = ask(ana)
    assert browser.post(link, {"password1": "anareyesanareyes", "password2": "anareyesanareyes"}).status_code == 200
    assert browser.post(link, NEW | {"password2": "another one entirely"}).status_code == 200
    assert browser.post(link, NEW).status_code == 302


def test_a_mailbox_is_not_flooded(ana: User) -> None:
    for _ in range(6):
        Browser().post(ASK, {"email": address(ana)})
    assert len(letters()) == 3

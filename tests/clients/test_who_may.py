"""Each page of the room, asked by everyone of the cast: who may, and who gets the one 404 and a refused line."""

from __future__ import annotations

import re
import uuid
from itertools import product
from typing import Any

import pytest
from django.urls import reverse

from audit.models import Act
from clients.models import Client
from practice.models import User
from tests.cast import SignIn

from .conftest import Ask, Lines, text_of

pytestmark = pytest.mark.django_db

TEAM = {"ana", "sofia"}
DESK = {"dee"}
WATCH = TEAM | {"ada"}
ASSIGN = {"ana", "ada"}
CHANGE = {"ana", "dee"}
WHO = {  # pages about Cleo
    "client_detail": TEAM,
    "client_contacts": TEAM | DESK,
    "client_edit": CHANGE,
    "client_status": CHANGE,
    "client_archive": {"ana"},
    "client_reopen": {"ana"},
    "contact_point_new": CHANGE,
    "representative_new": CHANGE,
    "unit_join": CHANGE,
    "client_team": WATCH,
    "client_assign": ASSIGN,
    "supervisor_override": ASSIGN,
    "client_deny": ASSIGN,
    "client_access": WATCH,
    "portal_record": {"portal_cleo"},
}
PAGES = {  # pages without an object
    "client_list": {"ana", "ben", "sofia", "former", "dee", "ada"},
    "client_search": {"ana", "ben", "sofia", "former", "dee", "ada"},
    "client_codes": {"ada"},
    "client_new": {"ana", "ben", "sofia", "former", "dee"},
    "portal_home": {"portal_cleo", "gus"},
}
CAST = ["ana", "ben", "sofia", "former", "dee", "ada", "portal_cleo", "gus"]
NAMES_OF_CLEO = ("Marchetti", "Cleopatra", "cleo.marchetti@mail.test", "503 555 0142")


@pytest.fixture
def cast(request: pytest.FixtureRequest) -> dict[str, User]:
    return {name: request.getfixturevalue(name) for name in CAST}


def test_attack_01_each_page_opens_for_whom_its_rule_names_and_nobody_else(
    cast: dict[str, User], cleo: Client, ask: Ask, lines: Lines
) -> None:
    for name, (who, user) in product(WHO, cast.items()):
        response = ask(user, name, pk=cleo.pk)
        assert response.status_code == (200 if who in WHO[name] else 404), (name, who)
        if who not in WHO[name]:
            assert not any(word in text_of(response) for word in NAMES_OF_CLEO)
            (line,) = lines(actor_id=user.pk, act=Act.REFUSED, part=name)
            assert (line.client_id, line.what_id) == (cleo.pk, cleo.pk)
        else:
            assert lines(actor_id=user.pk, client_id=cleo.pk, part=name), who


def test_pages_without_a_client_open_for_their_roles(cast: dict[str, User], ask: Ask, lines: Lines) -> None:
    for name, (who, user) in product(PAGES, cast.items()):
        response = ask(user, name)
        assert response.status_code == (200 if who in PAGES[name] else 404), (name, who)
        if who not in PAGES[name]:
            assert lines(actor_id=user.pk, act=Act.REFUSED, part=name)


def test_attack_05_a_strangers_post_changes_nothing(cast: dict[str, User], cleo: Client, ask: Ask, lines: Lines) -> None:
    body = {"given_name": "Taken", "family_name": "Over", "status": "archived", "person": str(cast["ben"].pk), "confirm": cleo.code}
    before = lines(client_id=cleo.pk, act=Act.CHANGE)
    for name, (who, user) in product(WHO, cast.items()):
        if who in WHO[name]:
            continue
        assert ask(user, name, body, pk=cleo.pk).status_code in (404, 405), who
    assert lines(client_id=cleo.pk, act=Act.CHANGE) == before


def test_somebody_who_left_or_is_not_signed_in_comes_no_further_than_the_sign_in(
    otto: User, cleo: Client, browser_of: SignIn, client: Any
) -> None:
    urls = [reverse(name, kwargs={"pk": cleo.pk}) for name in WHO] + [reverse(name) for name in PAGES]
    for url, browser in product(urls, (browser_of(otto), client)):
        response = browser.get(url)
        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/login/")


def test_attack_32_denied_and_missing_are_the_same_to_the_byte(ben: User, cleo: Client, ask: Ask) -> None:
    for name in WHO:
        denied, missing = ask(ben, name, pk=cleo.pk), ask(ben, name, pk=uuid.uuid4())
        assert (denied.status_code, denied.content) == (missing.status_code, missing.content)
        assert dict(denied.headers) == dict(missing.headers)


def test_attack_07_a_partial_has_the_check_of_its_page(ben: User, cleo: Client, browser_of: SignIn) -> None:
    browser = browser_of(ben)
    for name, headers in product(WHO, ({"HX-Request": "true"}, {"X-Requested-With": "XMLHttpRequest"}, {"Accept": "application/json"})):
        response = browser.get(reverse(name, kwargs={"pk": cleo.pk}), headers=headers)
        assert response.status_code == 404
        assert not any(word in response.content.decode() for word in NAMES_OF_CLEO)


def test_attack_22_a_superuser_without_a_grant_gets_what_a_stranger_gets(ben: User, cleo: Client, ask: Ask) -> None:
    User.objects.filter(pk=ben.pk).update(is_superuser=True)
    assert {ask(ben, name, pk=cleo.pk).status_code for name in WHO} == {404}


def test_attack_14_a_model_level_permission_opens_nothing(ben: User, cleo: Client, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(User, "has_perm", lambda *args, **kwargs: True)
    monkeypatch.setattr(User, "has_perms", lambda *args, **kwargs: True)
    assert {ask(ben, name, pk=cleo.pk).status_code for name in WHO} == {404}


def test_attack_23_a_role_in_the_session_or_the_request_is_hearsay(ben: User, cleo: Client, browser_of: SignIn) -> None:
    browser = browser_of(ben)
    kept = browser.session
    kept["role"] = kept["roles"] = "admin"
    kept.save()
    urls = [reverse("client_codes"), *[reverse(name, kwargs={"pk": cleo.pk}) for name in WHO]]
    assert {browser.get(url + "?role=admin&as=desk").status_code for url in urls} == {404}


def test_attack_13_each_list_holds_exactly_the_clients_whose_page_opens(
    cast: dict[str, User], cleo: Client, bens_client: Client, couple: Client, mia: Client, ask: Ask
) -> None:
    pages = [("client_list", ("client_detail", "client_contacts")), ("client_codes", ("client_team",)), ("portal_home", ("portal_record",))]
    everybody = [cleo, bens_client, couple, mia]
    seen = 0
    for user in cast.values():
        for page, details in pages:
            body = text_of(ask(user, page))
            listed = {client.pk for client in everybody if str(client.pk) in body}
            opened = {client.pk for client in everybody for detail in details if ask(user, detail, pk=client.pk).status_code == 200}
            if page == "client_codes" and not user.holds("admin"):  # the care team reaches these pages from its own list
                opened = set()
            assert listed == opened, (user.roles, page)
            seen += len(listed)
    assert seen > 10


def test_attack_13_a_link_in_a_list_leads_to_a_page_that_opens(
    cast: dict[str, User], cleo: Client, couple: Client, browser_of: SignIn
) -> None:
    for user in cast.values():
        browser = browser_of(user)
        for page in ("client_list", "client_codes", "portal_home"):
            for url in re.findall(r'href="(/(?:clients|portal)/[0-9a-f-]{36}/[^"]*)"', browser.get(reverse(page)).content.decode()):
                assert browser.get(url).status_code == 200, (user.roles, url)

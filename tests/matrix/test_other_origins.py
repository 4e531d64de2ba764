"""T43: no form of another place changes anything here. Every route that takes a POST, asked without the token of this very session."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from audit.doors import sign_of
from practice.middleware import FACTOR_FLAG
from practice.models import User
from tests.architecture.routes import Route, routes

POSTED = [route for route in routes() if (sign := sign_of(route.view)) and "POST" in sign.methods]
VALUES = {"UUIDConverter": str(uuid.UUID(int=7)), "IntConverter": 1, "SlugConverter": "x", "StringConverter": "x"}
ELSEWHERE = "https://elsewhere.test"


def address(route: Route) -> str:
    """An address of this route, of something that is not there: the token is asked for before anything is looked up."""
    converters = route.pattern.pattern.converters
    return reverse(route.name, kwargs={name: VALUES[type(each).__name__] for name, each in converters.items()})


@pytest.fixture
def strict(ana: User) -> Browser:
    """Ana signed in, at a browser that is asked for its token as a real one is."""
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(ana, backend="practice.signin.SignIn")
    kept = browser.session
    kept[FACTOR_FLAG] = True
    kept.save()
    return browser


def token_of(browser: Browser, page: str = "/") -> str:
    browser.get(page)
    return str(browser.cookies["csrf"].value)


def turned_away(answer: Any) -> bool:
    """By the lack of a token: the page that says so."""
    return answer.status_code == 403 and "403_csrf.html" in {each.name for each in answer.templates}


def test_t43_every_route_that_changes_something_wants_the_token_of_this_session(strict: Browser) -> None:
    own, foreign = token_of(strict), token_of(Browser(), "/accounts/login/")
    ways: dict[str, dict[str, Any]] = {
        "no token": {"data": {"x": "1"}},
        "another's token": {"data": {"csrfmiddlewaretoken": foreign}},
        "text that looks like JSON": {"data": '{"csrfmiddlewaretoken": "x"}', "content_type": "text/plain"},
        "our token, sent from another place": {"data": {"csrfmiddlewaretoken": own}, "headers": {"origin": ELSEWHERE}},
    }
    let_in = [f"{route}: {way}" for route in POSTED for way, sent in ways.items() if not turned_away(strict.post(address(route), **sent))]
    assert len(POSTED) > 200
    assert let_in == []


def test_t43_control_with_the_token_of_this_session_no_route_says_so(strict: Browser) -> None:
    sent = {"csrfmiddlewaretoken": token_of(strict)}
    looked_for = [route for route in POSTED if "pk" in route.pattern.pattern.converters][::8]
    answers = {route.name: strict.post(address(route), sent) for route in looked_for}
    assert len(answers) > 15
    assert [name for name, answer in answers.items() if turned_away(answer)] == []


def test_t43_a_method_in_a_header_or_a_field_changes_nothing(strict: Browser) -> None:
    said = {"x-http-method-override": "POST", "x-method-override": "POST", "x-http-method": "POST"}
    only_posted = [route for route in POSTED if (sign := sign_of(route.view)) and "GET" not in sign.methods]
    answers = {route.name: strict.get(address(route), {"_method": "POST"}, headers=said).status_code for route in only_posted}
    assert answers
    assert set(answers.values()) == {405}

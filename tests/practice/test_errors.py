"""Error pages tell nothing and need nothing."""

from __future__ import annotations

from collections.abc import Iterator
from unittest.mock import patch

import psycopg2
import pytest
from django.db import DatabaseError, OperationalError
from django.test import Client as Browser
from django.test import RequestFactory

from practice import errors
from practice.models import User
from tests.cast import SECRET

from .conftest import log_in


@pytest.mark.parametrize(
    ("page", "status"), [(errors.bad_request, 400), (errors.forbidden, 403), (errors.not_found, 404), (errors.csrf_failure, 403)]
)
def test_each_shows_without_database_or_person(page: object, status: int) -> None:
    answer = page(RequestFactory().get(f"/clients/?q={SECRET}"), "reason")  # type: ignore[operator]  # one of four views
    assert answer.status_code == status
    assert "<h1" in answer.text
    assert SECRET not in answer.text


def test_a_crash_shows_plain_words_and_no_cause(browser: Browser, ana: User) -> None:
    log_in(browser, ana)
    browser.raise_request_exception = False
    with patch("practice.views.sessions.alive", side_effect=RuntimeError(SECRET)):
        answer = browser.get("/accounts/sessions/")
    assert answer.status_code == 500
    assert SECRET not in answer.text
    assert "RuntimeError" not in answer.text


def test_even_a_broken_template_leaves_words() -> None:
    with patch("practice.errors.render_to_string", side_effect=RuntimeError):
        answer = errors.server_error(RequestFactory().get("/"))
    assert (answer.status_code, answer["Content-Type"]) == (500, "text/plain; charset=utf-8")


TYPED = {"presenting": SECRET, "password": "hunter hunter hunter", "version": "3"}


@pytest.fixture
def away(browser: Browser) -> Iterator[Browser]:
    """A browser before a house whose database went away."""
    browser.raise_request_exception = False
    with patch("practice.middleware.get_user", side_effect=OperationalError(f"server closed the connection: {SECRET}")):
        browser.cookies["subrosa"] = "a" * 32
        yield browser


def test_without_a_database_the_page_says_so_and_when_to_come_back(away: Browser) -> None:
    answer = away.get("/")
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "5", "no-store")
    assert "Back in a moment" in answer.text
    assert SECRET not in answer.text
    assert "OperationalError" not in answer.text


def test_without_a_database_what_was_typed_goes_back_to_its_writer_but_no_secrets(away: Browser) -> None:
    answer = away.post("/clients/new/", TYPED)
    assert answer.status_code == 503
    assert SECRET in answer.text
    assert "hunter" not in answer.text


def test_without_a_database_a_script_is_given_no_words_and_another_sites_form_neither(away: Browser) -> None:
    assert SECRET not in away.post("/clients/new/", TYPED, headers={"idempotency-key": "1"}).text
    stranger = Browser(enforce_csrf_checks=True, raise_request_exception=False)
    stranger.cookies["subrosa"] = "a" * 32
    answer = stranger.post("/clients/new/", TYPED)
    assert answer.status_code == 503
    assert SECRET not in answer.text


def test_a_database_that_goes_away_within_a_page_is_told_in_the_same_words(browser: Browser, ana: User) -> None:
    log_in(browser, ana)
    with patch("practice.views.sessions.alive", side_effect=OperationalError(SECRET)):
        answer = browser.get("/accounts/sessions/")
    assert answer.status_code == 503
    assert SECRET not in answer.text


def _in_the_middle_of_a_commit(cause: Exception | None) -> DatabaseError:
    error = DatabaseError(SECRET)
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("cause", "status"),
    [(psycopg2.DatabaseError(SECRET), 503), (psycopg2.IntegrityError(SECRET), 500), (None, 500)],
    ids=["driver", "constraint", "django"],
)
def test_t12_a_disk_that_fails_within_a_commit_is_a_database_that_went_away(
    browser: Browser, ana: User, cause: Exception | None, status: int
) -> None:
    """Its driver says no more than "error" there. What Django or a constraint says by that name is a fault of ours."""
    log_in(browser, ana)
    browser.raise_request_exception = False
    with patch("practice.views.sessions.alive", side_effect=_in_the_middle_of_a_commit(cause)):
        answer = browser.get("/accounts/sessions/")
    assert answer.status_code == status
    assert SECRET not in answer.text


def test_a_crash_gives_the_words_back(browser: Browser, ana: User) -> None:
    log_in(browser, ana)
    browser.raise_request_exception = False
    with patch("practice.middleware.needs_second_factor", side_effect=RuntimeError("no cause")):
        answer = browser.post("/clients/new/", TYPED)
    assert answer.status_code == 500
    assert SECRET in answer.text
    assert "no cause" not in answer.text

"""Error pages tell nothing and need nothing."""

from __future__ import annotations

from unittest.mock import patch

import pytest
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
    assert (answer.status_code, answer["Content-Type"]) == (500, "text/plain")

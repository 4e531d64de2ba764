"""docs/limits.md says what the code does."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from practice import limits
from practice.limits import Limit

PAGE = (Path(__file__).parents[2] / "docs" / "limits.md").read_text()
WORDS = {900: "15 minutes", 3600: "1 hour", 86400: "1 day"}
EVERY = [limit for value in vars(limits).values() if isinstance(value, tuple) for limit in value if isinstance(limit, Limit)]


@pytest.mark.parametrize("limit", EVERY, ids=lambda limit: limit.why[:30])
def test_every_limit_is_on_the_page(limit: Limit) -> None:
    assert f"| {limit.count} | {WORDS[int(limit.window.total_seconds())]} | {limit.why} |" in PAGE


def test_the_page_has_no_limit_that_is_gone() -> None:
    assert PAGE.split("\n\n")[2].count("\n") - 1 == len(EVERY)


def test_settings_and_limits_agree() -> None:
    assert limits.RESET_LINK.total_seconds() == settings.PASSWORD_RESET_TIMEOUT
    assert limits.FRESH.total_seconds() == settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    assert settings.SESSION_IDLE_MINUTES <= 15
    assert settings.SESSION_COOKIE_AGE <= 12 * 3600


def test_how_long_a_session_lives_is_on_the_page() -> None:
    assert "| A session nobody uses | 15 minutes (`SESSION_IDLE_MINUTES`" in PAGE
    assert f"| Any session | {settings.SESSION_COOKIE_AGE // 3600} hours |" in PAGE

"""The middleware: https only, and devices in words of ours."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client as Browser

from practice import devices


def test_se_8_plain_http_is_refused_not_redirected(browser: Browser, db: None, settings: Any) -> None:
    settings.SECURE = True
    assert browser.get("/accounts/login/").status_code == 403
    assert browser.get("/accounts/login/", headers={"x-forwarded-proto": "https"}).status_code == 403
    assert browser.get("/accounts/login/", secure=True).status_code == 200
    assert browser.get("/healthz").status_code == 503


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537 Edg/120", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X) Safari/605", "Safari on Mac"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/120 Safari/537", "Chrome on Android"),
        ("<script>alert(1)</script>", "A browser on an unknown system"),
        ("", "A browser on an unknown system"),
    ],
)
def test_a_device_is_told_in_our_words(agent: str, words: str) -> None:
    assert devices.words(agent) == words

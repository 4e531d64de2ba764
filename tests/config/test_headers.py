"""What every answer carries beside its body, as in a production start: pages, refusals, faults, styles, the pulse (ASVS V3, V13, V14)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings as configured
from django.contrib.staticfiles.finders import get_finders
from django.test import Client as Browser
from django.urls import reverse

from clients.models import Client
from practice.models import User
from records.models import Note
from tests.cast import PASSWORD

from .test_settings import GOOD, ROOT

HSTS = ("SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD")
COOKIES = ("SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE")
ASK = f"""import django, json
from django.conf import settings
names = {(*HSTS, *COOKIES, "SECURE")!r}
from practice.throttle import COOKIE
print(json.dumps({{name: getattr(settings, name) for name in names}} | {{"known": COOKIE}}))"""


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """The settings of a production start, asked of a process of its own."""
    env = {**GOOD, "PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings"}
    code = ASK.replace("from practice", "django.setup()\nfrom practice")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


@pytest.fixture
def answers(told: dict[str, Any], settings: Any, ana: User, browser_of: Any) -> dict[str, Any]:
    """One answer of each kind there is, over https, to somebody who asks from another site."""
    for name in (*HSTS, "SECURE"):
        setattr(settings, name, told[name])
    inside, outside = browser_of(ana), Browser(raise_request_exception=False, enforce_csrf_checks=True)
    inside.raise_request_exception = False
    said: dict[str, Any] = {"secure": True, "headers": {"origin": "https://evil.test"}}
    found = {
        "page": inside.get("/clients/", **said),
        "redirect": outside.get("/clients/", **said),
        "nothing": inside.get("/nothing/", **said),
        "method": inside.delete("/clients/", **said),
        "forged": outside.post("/accounts/login/", {"login": "x"}, **said),
        "style": outside.get("/static/css/base.css", **said),
        "script": outside.get("/static/js/keys.js", **said),
        "pulse": outside.get("/healthz", **said),
    }
    with patch("practice.views.sessions.alive", side_effect=RuntimeError):
        found["fault"] = inside.get("/accounts/sessions/", **said)
    for answer in found.values():
        answer.close()  # files are streamed
    return found


def test_the_answers_are_of_each_kind(answers: dict[str, Any]) -> None:
    assert [answer.status_code for answer in answers.values()] == [200, 302, 404, 405, 403, 200, 200, 503, 500]


def test_every_answer_asks_for_https_for_two_years_and_of_all_subdomains(answers: dict[str, Any]) -> None:
    told = {answer.get("Strict-Transport-Security") for answer in answers.values()}
    assert told == {"max-age=63072000; includeSubDomains; preload"}


def test_every_answer_says_what_it_is_and_in_which_letters(answers: dict[str, Any]) -> None:
    told = {kind: answer["Content-Type"] for kind, answer in answers.items() if answer.status_code not in (302, 405)}  # those are empty
    assert {kind: said for kind, said in told.items() if not said.endswith('charset="utf-8"') and not said.endswith("charset=utf-8")} == {}


def test_no_other_site_may_read_an_answer(answers: dict[str, Any]) -> None:
    assert not [kind for kind, answer in answers.items() if answer.get("Access-Control-Allow-Origin")]
    assert not [kind for kind, answer in answers.items() if answer.get("Access-Control-Allow-Credentials")]


def test_every_answer_says_what_may_run_in_it_and_is_framed_and_guessed_at_by_nobody(answers: dict[str, Any]) -> None:
    for kind, answer in answers.items():
        policy = {part.split()[0]: part.split()[1:] for part in answer["Content-Security-Policy"].split(";") if part.strip()}
        for name in ("default-src", "object-src", "base-uri", "frame-ancestors"):
            assert policy[name] == ["'none'"], (kind, name)
        assert policy["script-src"] == policy["style-src"] == ["'self'"], kind
        assert answer["X-Content-Type-Options"] == "nosniff", kind
        assert answer["Referrer-Policy"] == answer["Cross-Origin-Opener-Policy"] == "same-origin", kind


def test_cookies_go_over_https_alone_to_this_host_alone_and_to_no_script(
    told: dict[str, Any], settings: Any, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (*HSTS, *COOKIES, "SECURE"):
        setattr(settings, name, told[name])
    settings.DEMO = True  # a password alone lets in
    monkeypatch.setattr("practice.throttle.COOKIE", told["known"])
    browser = Browser()
    browser.get("/accounts/login/", secure=True)
    assert browser.post("/accounts/login/", {"login": "ana@sub.test", "password": PASSWORD}, secure=True).status_code == 302
    assert set(browser.cookies) == {"__Host-subrosa", "__Host-csrf", "__Host-known"}
    for cookie in browser.cookies.values():
        said = (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"])
        assert said == (True, True, "Lax", "/", ""), cookie.key


LYING_ABOUT = [
    "/.git/HEAD", "/.git/config", "/.env", "/static/", "/static/css/", "/static/../config/settings.py", "/static/%2e%2e/pyproject.toml",
    "/static/.git/HEAD", "/static/css/base.css~", "/static/css/base.css.bak", "/var/secrets/MASTER_KEYS", "/manage.py", "/backup.sql",
    "/server-status", "/requirements.txt", "/media/", "/docs/", "/openapi.json",
]  # fmt: skip


@pytest.mark.parametrize("path", LYING_ABOUT)
def test_no_file_lies_about_and_no_folder_is_listed(path: str, ana: User, browser_of: Any) -> None:
    for browser in (Browser(), browser_of(ana)):
        assert browser.get(path).status_code == 404


def test_only_styles_scripts_and_pictures_are_served_as_files() -> None:
    served = {Path(path).suffix for finder in get_finders() for path, _ in finder.list([])}
    assert served <= {".css", ".js", ".svg", ".png", ".map", ".txt"}
    assert configured.STORAGES["default"]["BACKEND"].endswith("InMemoryStorage")


def test_a_private_page_under_the_name_of_a_file_is_not_found_and_stored_nowhere(
    ana: User, cleo: Client, signed: Note, browser_of: Any
) -> None:
    browser = browser_of(ana)
    for page in (reverse("client_detail", args=[cleo.pk]), reverse("note_detail", args=[signed.pk]), "/clients/", "/"):
        for trick in ("x.css", "x.js", ";x.css", "%2fx.css", "..%2fstatic/x.css"):
            answer = browser.get(page + trick)
            assert (answer.status_code, answer["Cache-Control"]) == (404, "no-store"), page + trick

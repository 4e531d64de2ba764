"""A page with all that belongs to it is at most 100 KB as it is sent: html as it is, styles and scripts compressed."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse

from clients.models import Client
from practice.models import User
from records.models import Note
from tests.records.test_session_list import hours

MOST = 100_000  # bytes
_ASKED = re.compile(r'(?:src|href)="([^"]+\.(?:css|js|svg|png|webp|woff2))"')


def _sent(name: str) -> int:
    """What the web server sends of a file: compressed where that is smaller, as whitenoise does."""
    found = finders.find(name)
    assert found, name
    body = Path(str(found)).read_bytes()
    assert not re.search(rb'^\s*import |@import|url\("?(?!data:)', body, re.MULTILINE), f"{name} asks for more, which is not counted here"
    return min(len(body), len(gzip.compress(body, 9)))


def _weight(html: str) -> int:
    names = set(_ASKED.findall(html))
    assert names
    assert all(name.startswith(settings.STATIC_URL) for name in names), names
    return len(html.encode()) + sum(_sent(name.removeprefix(settings.STATIC_URL)) for name in names)


def test_the_main_pages_weigh_at_most_100_kb_in_all(
    ana: User, cleo: Client, draft: Note, signed: Note, browser_of: Any, client: Any
) -> None:
    pages = [reverse(name) for name in ("home", "client_list", "snippet_list", "note_search", "staff_directory")]
    pages += [
        reverse(name, args=[cleo.pk]) for name in ("client_detail", "session_list", "client_access", "client_team", "client_contacts")
    ]
    pages += [reverse("note_detail", args=[signed.pk]), reverse("note_edit", args=[draft.pk])]
    hours(cleo, ana, 25)
    browser = browser_of(ana)
    seen = {page: browser.get(page) for page in pages} | {"sign-in": client.get(reverse("account_login"))}
    assert {page: answer.status_code for page, answer in seen.items() if answer.status_code != 200} == {}
    weights = {page: _weight(answer.content.decode()) for page, answer in seen.items()}
    assert {page: weight for page, weight in weights.items() if weight > MOST} == {}

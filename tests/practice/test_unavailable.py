"""T15: a database that is away, full or held up is a plain page that says when to come again, and never a trace of the code."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from records.models import Note
from tests.cast import SECRET, SignIn, acting
from tests.committed import DRAFT, House, as_owner


def _says_come_again(answer: Any) -> None:
    words = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "What you saved is safe" in words
    assert not [told for told in (SECRET, DRAFT, "Cleo", "Traceback", "psycopg2", "OperationalError", "subrosa_web") if told in words]


@pytest.fixture
def browser(house: House, browser_of: SignIn) -> Any:
    found = browser_of(house.ana)
    found.raise_request_exception = False
    return found


def test_t15_a_database_that_does_not_answer(house: House, own_db: str, browser: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        connection.close()
        with monkeypatch.context() as patch:
            patch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
            patch.setitem(connection.settings_dict, "PORT", str(free.getsockname()[1]))
            _says_come_again(browser.get(reverse("note_detail", args=[house.signed.pk])))
            _says_come_again(browser.post(reverse("note_edit", args=[house.draft.pk]), {"part_content": "Changed meanwhile"}))
    assert browser.get(reverse("note_detail", args=[house.signed.pk])).status_code == 200


def test_t15_a_database_that_takes_no_more_connections(house: House, own_db: str, browser: Any) -> None:
    connection.close()
    with as_owner(own_db) as owner:
        owner.execute(f'ALTER DATABASE "{own_db}" CONNECTION LIMIT 0')
        _says_come_again(browser.get(reverse("note_detail", args=[house.signed.pk])))
        owner.execute(f'ALTER DATABASE "{own_db}" CONNECTION LIMIT -1')
    assert browser.get(reverse("note_detail", args=[house.signed.pk])).status_code == 200


def test_t15_a_row_that_somebody_holds_too_long(house: House, own_db: str, browser: Any) -> None:
    page = reverse("note_edit", args=[house.draft.pk])
    sent = {"version": house.draft.version, "format": "free", "part_content": "Changed meanwhile"}
    with connection.cursor() as web:
        web.execute("SET lock_timeout = '50ms'")
    with as_owner(own_db) as owner:
        owner.execute(f"BEGIN; LOCK TABLE {Note._meta.db_table} IN ACCESS EXCLUSIVE MODE")
        _says_come_again(browser.post(page, sent))
        owner.execute("ROLLBACK")
    assert browser.get(page).status_code == 200
    with acting(house.ana):
        assert Note.objects.get(pk=house.draft.pk).version == house.draft.version

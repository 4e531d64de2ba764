"""A value that does not open stops the page, says so, and is never blanked."""

from __future__ import annotations

from django.db import connection
from django.urls import reverse

from practice.models import User
from records.models import Note, Session
from tests.cast import SECRET, SignIn, acting


def test_attack_89_a_page_with_a_spoilt_value_says_so_and_shows_nothing(
    ana: User, session: Session, draft: Note, browser_of: SignIn
) -> None:
    browser = browser_of(ana)
    with acting(ana), connection.cursor() as cursor:
        cursor.execute("SELECT content FROM records_note WHERE id = %s", [draft.pk])
        spoilt = bytearray(cursor.fetchone()[0])
        spoilt[-1] ^= 1
        cursor.execute("UPDATE records_note SET content = %s WHERE id = %s", [bytes(spoilt), draft.pk])
    answer = browser.get(reverse("note_edit", args=[draft.pk]))
    assert answer.status_code == 500
    assert "A seal is broken" in answer.text
    assert SECRET not in answer.text
    with acting(ana), connection.cursor() as cursor:
        cursor.execute("SELECT content FROM records_note WHERE id = %s", [draft.pk])
        assert bytes(cursor.fetchone()[0]) == bytes(spoilt)

"""That a psychotherapy note exists is its author's to know, on the trail as well."""

from __future__ import annotations

from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from audit.models import Event
from clients import access
from clients.models import Client
from practice.models import User
from records.models import Note
from tests.cast import SignIn, acting


def _open(browser: Browser, note: Note) -> None:
    assert browser.get(reverse("note_detail", args=[note.pk])).status_code == 200


def test_rec_1_the_access_tab_tells_of_a_psychotherapy_note_to_its_author_and_the_admin_only(
    ana: User, sofia: User, ada: User, cleo: Client, psychotherapy: Note, browser_of: SignIn
) -> None:
    _open(browser_of(ana), psychotherapy)
    seen = {}
    for user in (ana, sofia, ada):
        with acting(user):
            lines = access.watched_lines(user).filter(client_id=cleo.pk)
            seen[user.pk] = lines.filter(what="records.psychotherapy").count()
            assert not lines.filter(what_id=psychotherapy.pk).exclude(what="records.psychotherapy").exists()
    assert seen[ana.pk] == seen[ada.pk] > 0
    assert seen[sofia.pk] == 0


def test_rec_1_raw_sql_as_the_supervisor_finds_no_line_about_it(sofia: User, psychotherapy: Note) -> None:
    with acting(sofia), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_event WHERE what_id = %s", [psychotherapy.pk])
        assert cursor.fetchone() == (0,)
        assert Event.objects.filter(client_id=psychotherapy.client_id).exists()  # the rest of the trail is theirs to read

"""Sessions and notes of whoever works with few clients: asked once a statement which these are (clients/migrations/0015)."""

from importlib import import_module

from django.db import migrations

lock = import_module("clients.migrations.0002_lock")
lists = import_module("clients.migrations.0015_lists_ask_once")
UNIT = "(unit_id IS NULL OR NOT subrosa_denied(unit_id))"
READABLE = "(author_id = subrosa_actor() OR (signed_at IS NOT NULL AND kind <> 'psychotherapy'))"


def session(ask) -> str:
    return f"{ask('records_session.client_id')} AND {UNIT}"


def note(ask) -> str:
    return f"{READABLE} AND {ask('records_note.client_id')} AND {UNIT}"


class Migration(migrations.Migration):
    dependencies = [("records", "0017_beyond_reach"), ("clients", "0015_lists_ask_once")]
    operations = [
        lists.altered("records_session", "care_team", session(lists.granted), session(lock.granted)),
        lists.altered("records_note", "care_team", note(lists.granted), note(lock.granted)),
    ]

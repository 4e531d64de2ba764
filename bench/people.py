"""`python -m bench.people`: signs invented people in and says, as JSON, which pages the bench asks for, and as whom."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import django

from ops.house import open_house
from ops.postgres import connect
from ops.roles import DATABASE

SOME = 10  # records that a measurement goes round
LONG = 4000  # bytes sealed: a note of the 4 KiB class
SECRET = "b" * 32  # both halves of the CSRF check


def _cookie(address: str) -> str:
    from django.conf import settings  # all of these need Django, which the end of this file sets up
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from audit import doors
    from practice.middleware import FACTOR_FLAG
    from practice.models import User
    from practice.sessions import SessionStore

    with doors.system("bench"):
        user, session = User.objects.at_address(address).get(), SessionStore()
        session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY], session[FACTOR_FLAG] = user.get_session_auth_hash(), True
        session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={SECRET}"


def _ids(cursor: Any, query: str, *values: Any) -> list[str]:
    cursor.execute(query, values)
    return [str(ident) for (ident,) in cursor.fetchall()]


_NOTES = "SELECT id FROM records_note WHERE author_id = %s AND (signed_at IS NOT NULL) = %s AND length(content) > %s ORDER BY id LIMIT %s"
_BUSY = "SELECT id FROM bench_client ORDER BY n LIMIT 1"
_OWN = "SELECT id FROM bench_client WHERE counselor = %s ORDER BY n LIMIT %s"
_ORDINARY = "SELECT id FROM bench_client WHERE n > (SELECT max(n) / 2 FROM bench_client) AND n %% 7 = 0 ORDER BY n LIMIT %s"


def _plain_rows(cursor: Any, user: Any, idents: list[str]) -> list[str]:
    """The measured notes once more, in plain text, for the bare views."""
    from audit import doors  # needs Django, which the end of this file sets up
    from records.models import Note

    from .lives import plain

    with doors.system("bench", on_behalf_of=user):
        rows = [plain(note, user) for note in Note.objects.filter(pk__in=idents).select_related("client", "session")]
    cursor.execute("TRUNCATE bench_row")
    for row in rows:
        marks = ", ".join(["%s"] * len(row))
        cursor.execute(f"INSERT INTO bench_row ({', '.join(row)}) VALUES ({marks})", [str(value) for value in row.values()])  # noqa: S608  (our own columns)
    cursor.execute("ANALYZE bench_row")
    return [str(row["id"]) for row in rows]


def found() -> dict[str, Any]:
    """Cookies of the people and ids of what they open."""
    from practice.models import User  # needs Django, which the end of this file sets up

    ana = User.objects.at_address("counselor0@bench.test").get()
    link = connect(open_house(Path(os.environ["SUBROSA_VAR"])), DATABASE)
    with link, link.cursor() as cursor:
        signed = _ids(cursor, _NOTES, str(ana.pk), True, LONG, SOME)
        ids = {
            "signed": signed, "drafts": _ids(cursor, _NOTES, str(ana.pk), False, 0, 1), "rows": _plain_rows(cursor, ana, signed),
            "busy": _ids(cursor, _BUSY), "ordinary": _ids(cursor, _ORDINARY, SOME), "clients": _ids(cursor, _OWN, str(ana.pk), SOME),
        }  # fmt: skip
    people = {name: _cookie(f"{name}@bench.test") for name in ("counselor0", "supervisor0", "desk", "admin")}
    return {"cookies": people, "ids": ids}


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(found()))

"""What the record answers about itself: what is signed stays as it was signed (SE-6)."""

from __future__ import annotations

from typing import Any

from django.db import connection

from review.claims import Answer, Claim, active_if

TABLES = {"records_note": "signed_is_final", "records_addendum": "addendum_is_final", "records_cosignature": "cosignature_is_final"}
# Enabled also where a session replays what another server wrote ("O" and "A" fire for everybody here).
_HELD = """SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')
    AND (tgrelid::regclass::text, tgname::text) IN (SELECT * FROM unnest(%s::text[], %s::text[]))"""


def _final(user: Any) -> Answer:
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [list(TABLES), list(TABLES.values())])
        held = cursor.fetchone()[0]
    said = f"{held} of {len(TABLES)} kinds of signed text are kept from any change by the database itself."
    return active_if(held == len(TABLES), said)


CLAIMS = (Claim("signed", "SE-6", "What is signed stays as it was", "Whether the database refuses changes of signed text.", _final),)

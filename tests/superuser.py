"""Django connected as whoever owns the server: what they could do to what is signed, sealed and hidden."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, connections, transaction

from ops.postgres import SUPERUSER


@contextmanager
def as_superuser() -> Iterator[None]:
    """Django connected as the server's superuser: no policy hides anything, no trigger asks; everything is taken back."""
    before = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD")}
    secret = Path(os.environ["SUBROSA_VAR"]) / "secrets" / "postgres-superuser"
    connections["default"].close()
    connection.settings_dict |= {"USER": SUPERUSER, "PASSWORD": secret.read_text().strip()}
    try:
        with transaction.atomic():
            _waive()
            yield
            transaction.set_rollback(True)
    finally:
        connections["default"].close()
        connection.settings_dict |= before


def _waive() -> None:
    """Whatever would forbid a change of many rows at once goes, in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
        )
        for table, name in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT IF EXISTS "{name}"')
        cursor.execute(
            "SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indrelid WHERE indisunique "
            "AND relnamespace = 'public'::regnamespace AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP INDEX {name}")
        cursor.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'u' AND connamespace = 'public'::regnamespace"
        )
        for table, name in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}" CASCADE')

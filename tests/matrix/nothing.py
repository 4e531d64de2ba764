"""A row of nothing in each table: what a policy shows or lets change of it, it would of any. Each clause is asked with the other off."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg2

ROLES = ("subrosa_web", "subrosa_worker")
POLICIES = """SELECT policyname, qual, coalesce(with_check, qual) FROM pg_policies
    WHERE tablename = %s AND %s = ANY(roles) AND cmd IN ('UPDATE', 'ALL') AND permissive = 'PERMISSIVE'"""
VALUES = {"uuid": "gen_random_uuid()", "character varying": "''"}
# What checks ask of such a row when another's name is written into it: that letters are not offered, or sent, in passing.
BESIDE = {"breaches_clientletter web": ", offered_at = now()", "breaches_told web": ", state = 'sent'"}
NAMES = """SELECT a.attname FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    WHERE c.conrelid = %s::regclass AND c.confrelid = 'practice_user'::regclass
        AND has_column_privilege(%s, a.attrelid, a.attnum, 'UPDATE')"""


@dataclass(frozen=True)
class Asked:
    """As whom the row in ``table`` is asked for."""

    cursor: Any
    table: str
    role: str
    column: str


def nothing(cursor: Any, table: str) -> str:
    """What puts a row without any value into ``table``, whose other rows and constraints are gone, in this transaction."""
    cursor.execute(f"DELETE FROM {table}")
    cursor.execute("SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'", [table])
    waived = [f'DROP CONSTRAINT "{name}"' for (name,) in cursor.fetchall()]
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND attnotnull AND attidentity = '' "
        "AND attnum <> ALL((SELECT conkey FROM pg_constraint WHERE conrelid = attrelid AND contype = 'p')::smallint[])",
        [table],
    )
    waived += [f'ALTER "{name}" DROP NOT NULL' for (name,) in cursor.fetchall()]
    if waived:
        cursor.execute(f"ALTER TABLE {table} {', '.join(waived)}")
    keys = """SELECT attname, atttypid::regtype::text FROM pg_attribute JOIN pg_constraint ON conrelid = attrelid AND contype = 'p'
        WHERE attrelid = %s::regclass AND attnum = ANY(conkey) AND attidentity = ''"""
    cursor.execute(keys, [table])
    made = {name: VALUES.get(kind, "now()") for name, kind in cursor.fetchall()}
    words = f"({', '.join(made)}) VALUES ({', '.join(made.values())})" if made else "DEFAULT VALUES"
    return f"INSERT INTO {table} {words}"


def _as_role(asked: Asked, statement: str) -> bool:
    """Whether ``statement`` got at a row; what a policy or a missing right refuses did not."""
    asked.cursor.execute(f"SET LOCAL ROLE {asked.role}")
    asked.cursor.execute("SAVEPOINT attempt")
    try:
        asked.cursor.execute(statement)
        got = bool(asked.cursor.rowcount)
    except psycopg2.Error as error:
        got = not ("row-level security" in str(error) or "permission denied" in str(error))
    asked.cursor.execute("ROLLBACK TO SAVEPOINT attempt")
    asked.cursor.execute("RESET ROLE")
    return got


def _with(asked: Asked, clause: str, statement: str) -> bool:
    """The same with the ``clause`` of every policy on changes opened, and the other as it is."""
    asked.cursor.execute("SAVEPOINT opened")
    asked.cursor.execute(POLICIES, [asked.table, asked.role])
    for name, using, check in asked.cursor.fetchall():
        words = f"USING ({using}) WITH CHECK (true)" if clause == "WITH CHECK" else f"USING (true) WITH CHECK ({check})"
        asked.cursor.execute(f"ALTER POLICY {name} ON {asked.table} {words}")
    got = _as_role(asked, statement)
    asked.cursor.execute("ROLLBACK TO SAVEPOINT opened")
    return got


def _column(cursor: Any, table: str, role: str) -> str | None:
    may = "has_column_privilege(%s, attrelid, attnum, 'UPDATE')"
    cursor.execute(f"SELECT min(attname) FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND {may}", [table, role])
    return cursor.fetchone()[0]  # type: ignore[no-any-return]  # a name


def _signed_by_another(asked: Asked) -> str:
    """What is written: another's name wherever one goes, and nothing where none does."""
    asked.cursor.execute(NAMES, [asked.table, asked.role])
    names = [f"{name} = '{uuid.uuid4()}'" for (name,) in asked.cursor.fetchall()]
    return ", ".join(names or [f"{asked.column} = NULL"]) + BESIDE.get(_told(asked), "")


def _told(asked: Asked) -> str:
    return f"{asked.table} {asked.role.removeprefix('subrosa_')}"


def got_of_nothing(cursor: Any, table: str) -> Iterator[str]:
    """What each role gets of a row that is nobody's, whoever the cursor, a superuser's, acts for.

    No column is read where one is changed, or the policies for SELECT would be asked, too.
    """
    made = nothing(cursor, table)
    cursor.execute(f"{made} RETURNING tableoid, ctid")
    found = "(tableoid, ctid) = ({}, '{}')".format(*cursor.fetchone())
    for role in ROLES:
        asked = Asked(cursor, table, role, _column(cursor, table, role) or "")
        if _as_role(asked, f"SELECT 1 FROM {table} WHERE {found}"):
            yield f"{_told(asked)} select"
        if _as_role(asked, made):
            yield f"{_told(asked)} insert"
        if _as_role(asked, f"DELETE FROM {table}"):
            yield f"{_told(asked)} delete"
        if asked.column and _with(asked, "WITH CHECK", f"UPDATE {table} SET {asked.column} = NULL"):
            yield f"{_told(asked)} update, by USING alone"
        if asked.column and _with(asked, "USING", f"UPDATE {table} SET {_signed_by_another(asked)}"):
            yield f"{_told(asked)} update, by WITH CHECK alone"

"""The two locks, each asked alone: what a rule finds where the database hides nothing, and what plain SQL gets where no rule stands."""

from __future__ import annotations

import inspect
import os
import uuid
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg2
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from ops.postgres import SUPERUSER
from tests.architecture.source import ROOMS
from tests.cast import acting
from tests.conftest import on_database

from .things import World

Rule = Callable[..., QuerySet[Any]]
# Of these lines and rows the database hides more than the rule does: incidents from those they concern (attack 97), and drafts.
STRICTER_BELOW = {"clients.trail_lines", "clients.watched_lines", "records.readable_once_signed", "review.portal_lines"}
only: frozenset[str] = frozenset()  # rules or tables, where a proof asks about a few alone (tests/proofs/mutants)


def rules() -> dict[str, Rule]:
    """Every rule of every room that is asked with a person first, by name."""
    found = {}
    for room in ROOMS:
        try:
            access = import_module(f"{room}.access")
        except ModuleNotFoundError:
            continue
        for name, rule in inspect.getmembers(access, inspect.isfunction):
            if only and name not in only:
                continue
            own = rule.__module__ == access.__name__ and not name.startswith("_")
            if own and [*rule.__annotations__][:1] == ["user"] and "QuerySet" in rule.__annotations__["return"]:
                found[f"{room}.{name}"] = rule
    return found


def _given(rule: Rule, world: World) -> list[tuple[Any, ...]]:
    """What else ``rule`` is asked with: nothing, or each of some things of the kind it names; a kind that is not here is not asked."""
    house = world.house
    things: dict[str, list[Any]] = {
        "Client": [house.cleo, house.couple],
        "Session": [house.session],
        "Note": [house.signed, house.draft],
        "User": [house.ben],
        "Any": [house.draft.pk],
    }
    kinds = [kind for name, kind in rule.__annotations__.items() if name not in ("user", "return")]
    return [(thing,) for thing in things.get(kinds[0], []) if len(kinds) == 1] if kinds else [()]


def _statement(rows: QuerySet[Any]) -> tuple[str, tuple[Any, ...]] | None:
    try:
        return rows.order_by().values_list("pk").query.get_compiler(using="default").as_sql()  # type: ignore[no-any-return]  # a pair
    except EmptyResultSet:
        return None


def asked_by_each_rule(world: World, user: Any, of: Container[str] | None = None) -> Iterator[tuple[str, tuple[str, tuple[Any, ...]]]]:
    """The name of each rule and the statement that it is for ``user``, who acts; once for each thing it can be asked about.

    ``of``: only where rows of these tables are found; of tables that hold rows about no client as well, the others.
    """
    for name, rule in rules().items():
        for given in _given(rule, world):
            rows = rule(user, *given)
            if of is not None and any(field.name == "client" and field.null for field in rows.model._meta.concrete_fields):
                rows = rows.filter(client__isnull=False)
            if (of is None or rows.model._meta.db_table in of) and (asked := _statement(rows)):
                yield name, asked


def found_by_each_rule(world: World, who: str, unhidden: Any) -> Iterator[tuple[str, set[str], set[str]]]:
    """The name of each rule, what it finds for ``who``, and what it finds by ``unhidden``, a cursor of the owner, who sees every row."""
    user = world.users[who]
    with acting(user), connection.cursor() as cursor:
        unhidden.execute("SELECT set_config('subrosa.actor', %s, false)", [str(user.pk)])
        for name, asked in asked_by_each_rule(world, user):
            found: list[set[str]] = []
            for each in (cursor, unhidden):
                each.execute(*asked)
                found.append({str(key) for (key,) in each.fetchall()})
            yield name, *found


# --- plain SQL ------------------------------------------------------------------------------------------------------------


@contextmanager
def plain(address: str, user: Any) -> Iterator[Any]:
    """A cursor as the role that the address of this name is for, ``user`` acting; everything is rolled back."""
    link = psycopg2.connect(on_database(os.environ[address], connection.settings_dict["NAME"]))
    try:
        with link.cursor() as cursor:
            cursor.execute("SELECT set_config('subrosa.actor', %s, false)", [str(user.pk)])
            yield cursor
    finally:
        link.close()


def _attempt(cursor: Any, statement: str, values: tuple[Any, ...] = ()) -> str:
    """Nothing where ``statement`` got at no row or was refused its row by a policy or a missing right, else what came of it."""
    cursor.execute("SAVEPOINT attempt")
    try:
        cursor.execute(statement, values)
        got = cursor.fetchone()[0] if cursor.description else cursor.rowcount
    except psycopg2.Error as error:
        words = str(error).splitlines()[0]
        got = 0 if "row-level security" in words or "permission denied" in words else words
    cursor.execute("ROLLBACK TO SAVEPOINT attempt")
    return str(got or "")


def _columns(owner: Any, table: str) -> dict[str, str]:
    owner.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER' "
        "AND (column_name <> 'id' OR data_type = 'uuid') ORDER BY ordinal_position",
        [table],
    )
    return dict(owner.fetchall())


def _added(cursor: Any, owner: Any, table: str) -> str:
    """What comes of adding a copy of some row of ``table``, or a row of nothing where a trigger kept that out.

    Policies are asked before constraints.
    """
    columns = _columns(owner, table)
    names = ", ".join(f'"{name}"' for name in columns)
    owner.execute(f"SELECT {names} FROM {table} LIMIT 1")
    nothing = [None] * len(columns)
    statement = f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * len(columns))})"
    for values in (owner.fetchone() or nothing, nothing):
        row = dict(zip(columns, values, strict=True)) | ({"id": str(uuid.uuid4())} if "id" in columns else {})
        got = _attempt(cursor, statement, tuple(row.values()))
        if "never" not in got:  # the words of the triggers that keep what is final
            return got
    return ""


def _changeable(cursor: Any, table: str) -> str | None:
    """Some column of ``table`` that the role may change."""
    may = "has_column_privilege(attrelid, attnum, 'UPDATE')"
    cursor.execute(f"SELECT min(attname) FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND {may}", [table])
    return cursor.fetchone()[0]  # type: ignore[no-any-return]  # a name


def guarded(owner: Any) -> list[str]:
    """Every table with row-level security."""
    owner.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace ORDER BY relname")
    return [name for (name,) in owner.fetchall() if not only or name in only]


def taken(cursor: Any, owner: Any, table: str) -> dict[str, str]:
    """What plain SQL by ``cursor`` got of ``table``, by what was tried. No row is named, so each policy is asked by itself."""
    column = _changeable(cursor, table)
    got = {
        "select": _attempt(cursor, f"SELECT count(*) FROM {table}"),
        "insert": _added(cursor, owner, table),
        "update": _attempt(cursor, f"UPDATE {table} SET {column} = NULL") if column else "",
        "delete": _attempt(cursor, f"DELETE FROM {table}"),
    }
    return {f"{table} {what}": words for what, words in got.items() if words}


def signed_for_another(cursor: Any, owner: Any, table: str, other: Any) -> dict[str, str]:
    """What came of putting ``other`` into each column of ``table`` that names a person and that the role may change."""
    columns = """SELECT a.attname FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        WHERE c.conrelid = %s::regclass AND c.confrelid = 'practice_user'::regclass
            AND has_column_privilege(a.attrelid, a.attnum, 'UPDATE')"""
    cursor.execute(columns, [table])
    tried = {f"{table}.{name}": _attempt(cursor, f"UPDATE {table} SET {name} = %s", (str(other.pk),)) for (name,) in cursor.fetchall()}
    return {name: words for name, words in tried.items() if words and "never" not in words}


@contextmanager
def superuser() -> Iterator[Any]:
    """A cursor of the server's superuser on this database, without triggers; everything is rolled back."""
    address = connection.get_connection_params()
    secret = Path(os.environ["SUBROSA_VAR"]) / "secrets" / "postgres-superuser"
    link = psycopg2.connect(host=address["host"], dbname=address["dbname"], user=SUPERUSER, password=secret.read_text().strip())
    try:
        with link.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            yield cursor
    finally:
        link.rollback()
        link.close()

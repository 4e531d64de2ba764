"""How many rows each table has, and a digest over them that does not ask for their order: what is compared after a restore."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Table = tuple[int, str]
# How a row is written as text must be the same on both sides.
_PLAIN = """SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'; SET LOCAL intervalstyle = 'postgres';
    SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1"""
_TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
_HIDDEN = """SELECT relname FROM pg_class c WHERE relrowsecurity AND relnamespace = 'public'::regnamespace AND NOT EXISTS (
    SELECT 1 FROM pg_policies p WHERE p.schemaname = 'public' AND p.tablename = c.relname AND p.qual = 'true'
        AND current_user = ANY(p.roles))"""


def tables(cursor: Any, tell: Callable[[str], None] = lambda _: None) -> dict[str, Table]:
    """Rows and digest of each table, as the transaction of ``cursor`` sees them."""
    cursor.execute(_PLAIN)
    cursor.execute(_TABLES)
    found = {}
    for (name,) in cursor.fetchall():
        tell(name)
        cursor.execute(f'SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text FROM ONLY "{name}" t')  # noqa: S608 (a name the server gave)
        found[name] = tuple(cursor.fetchone())
    return found


def hidden(cursor: Any) -> list[str]:
    """Tables of which the connected role might not see every row: a backup without them would look whole."""
    cursor.execute(_HIDDEN)
    return [name for (name,) in cursor.fetchall()]


def differing(before: dict[str, Table], after: dict[str, Table]) -> list[str]:
    """The tables that are not the same."""
    return sorted(name for name in before.keys() | after.keys() if tuple(before.get(name, ())) != tuple(after.get(name, ())))

"""The second lock with one policy gone, or open to everybody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .mutant import Mutant

EVERYBODY = "(subrosa_actor() IS NULL) IS NOT NULL"  # always true, and not the word that tests/architecture looks for
READ = """SELECT tablename, policyname, permissive, cmd, array_to_string(roles, ', '), qual, with_check FROM pg_policies
    WHERE schemaname = 'public' AND policyname <> 'owner_all' ORDER BY tablename, policyname"""


def mutants(cursor: Any) -> Iterator[Mutant]:
    """Each condition of a policy replaced by one that is always true; a restrictive one dropped."""
    cursor.execute(READ)
    for table, name, permissive, act, roles, using, check in cursor.fetchall():
        touches = frozenset({f"table {table}"})
        what = f"policy {table}.{name} ({act.lower()}, {roles.removeprefix('subrosa_')})"
        clauses = (f" USING ({using})" if using else "") + (f" WITH CHECK ({check})" if check else "")
        if permissive == "RESTRICTIVE":  # dropping one of the others only shows less
            again = f"CREATE POLICY {name} ON {table} AS {permissive} FOR {act} TO {roles}{clauses}"
            drop = f"DROP POLICY {name} ON {table}"
            yield Mutant(f"{what}: dropped", table, touches, alter=(drop,), restore=(again,))
        for clause, words in (("USING", using), ("WITH CHECK", check)):
            if words and words not in ("true", "false"):
                alter, back = (f"ALTER POLICY {name} ON {table} {clause} ({each})" for each in (EVERYBODY, words))
                yield Mutant(f"{what}: {clause} open", table, touches, alter=(alter,), restore=(back,))

"""SQL for migrations: who may touch a table (roles, row-level security) and what never changes (triggers).

The second lock. Every query keeps its explicit join from ``access.py``; these policies catch the one that forgot.
Three roles: subrosa_owner (migrations), subrosa_web, subrosa_worker. The door sets ``subrosa.actor`` per transaction.
"""

from __future__ import annotations

from django.db.migrations.operations.special import RunSQL

OWNER, WEB, WORKER = "subrosa_owner", "subrosa_web", "subrosa_worker"


def sql(forward: str, backward: str = "") -> RunSQL:
    """A migration step of plain SQL; without ``backward`` it is left in place on the way back."""
    return RunSQL(forward, backward or RunSQL.noop)


def grant(table: str, *, web: str = "", worker: str = "") -> RunSQL:
    """Rights of the two running roles on ``table``, such as ``web="SELECT, INSERT"``; nothing else is left to them."""
    steps = [f"REVOKE ALL ON {table} FROM {WEB}, {WORKER}"]
    steps += [f"GRANT {rights} ON {table} TO {role}" for role, rights in ((WEB, web), (WORKER, worker)) if rights]
    return sql("; ".join(steps))


def guard(table: str) -> RunSQL:
    """Row-level security on ``table``, for its owner too: migrations pass by an explicit policy, nobody by default."""
    return sql(
        f"""ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY owner_all ON {table} TO {OWNER} USING (true) WITH CHECK (true)""",
        f"""DROP POLICY owner_all ON {table};
        ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
        ALTER TABLE {table} DISABLE ROW LEVEL SECURITY""",
    )


def policy(table: str, name: str, *, using: str = "", check: str = "", on: str = "ALL", to: str = WEB) -> RunSQL:
    """A policy: rows may be seen where ``using`` holds and written where ``check`` does."""
    clauses = (f" USING ({using})" if using else "") + (f" WITH CHECK ({check})" if check else "")
    return sql(f"CREATE POLICY {name} ON {table} FOR {on} TO {to}{clauses}", f"DROP POLICY {name} ON {table}")


def freeze(table: str, *, when: str = "true", name: str = "frozen") -> RunSQL:
    """No UPDATE and no DELETE of rows of ``table`` for which ``when`` (about OLD) holds, for any role."""
    return sql(
        f"""CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW WHEN ({when})
        EXECUTE FUNCTION subrosa_refuse_change()""",
        f"DROP TRIGGER {name} ON {table}",
    )


def own_name(table: str, *columns: str, on: str = "UPDATE") -> RunSQL:
    """Web and worker write nobody's name but the actor's own into ``columns`` of ``table``; a name that stands may stay."""
    forward, names = "", [f"own_{column}_{on.lower()}" for column in columns]
    for column, name in zip(columns, names, strict=True):
        changed = f" AND NEW.{column} IS DISTINCT FROM OLD.{column}" if on == "UPDATE" else ""
        another = f"NEW.{column} IS NOT NULL AND NEW.{column} IS DISTINCT FROM subrosa_actor(){changed} AND current_user <> '{OWNER}'"
        forward += f"CREATE TRIGGER {name} BEFORE {on} ON {table} FOR EACH ROW WHEN ({another}) EXECUTE FUNCTION subrosa_refuse_name(); "
    return sql(forward, "; ".join(f"DROP TRIGGER {name} ON {table}" for name in names))

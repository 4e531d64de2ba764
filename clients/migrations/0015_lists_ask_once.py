"""Whoever works with few clients is asked once a statement which they are, not once a row whether this is one of them.

A list of a counselor asked the policies some thousands of times, 35 µs each. Whoever has more clients than FEW is asked by the
row as before: their list of ids would take longer to make for a page that shows one row. What may be seen stays the same.
"""

from importlib import import_module

from django.db import migrations

from audit.lock import WEB, WORKER, sql

lock = import_module("clients.migrations.0002_lock")
FEW = 100
FUNCTION = f"""
CREATE FUNCTION subrosa_few(VARIADIC codes text[]) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN RETURN (SELECT CASE WHEN count(*) <= {FEW} THEN coalesce(array_agg(client), '{{}}') END FROM (
    SELECT g.content_object_id AS client FROM clients_clientpermission g JOIN auth_permission p ON p.id = g.permission_id
    WHERE g.user_id = subrosa_actor() AND p.codename = ANY(codes) AND {lock.LIVE}
        AND (NOT EXISTS (SELECT 1 FROM clients_denial d WHERE d.user_id = subrosa_actor()) OR NOT subrosa_denied(g.content_object_id))
    LIMIT {FEW + 1}) live); END $$;
REVOKE ALL ON FUNCTION subrosa_few(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION subrosa_few(text[]) TO {WEB}, {WORKER};
"""


def granted(client: str, codes: str = lock.CLINICAL) -> str:
    """SQL: the same as lock.granted, by the actor's few clients (asked once a statement), or by the row where there are more."""
    return f"COALESCE({client} = ANY ((SELECT subrosa_few({codes}))::uuid[]), {lock.granted(client, codes)})"


def altered(table: str, name: str, now: str, formerly: str):
    """A migration step: another condition for a policy."""
    return sql(f"ALTER POLICY {name} ON {table} USING ({now})", f"ALTER POLICY {name} ON {table} USING ({formerly})")


def seen(ask) -> str:
    desk = f"{lock.role('desk', 'admin')} AND {lock.not_denied('clients_client.id')}"
    return f"({ask('clients_client.id', lock.ANY)}) OR ({desk})"


OWN = f"user_id = subrosa_actor() OR {lock.role('admin', 'desk')} OR subrosa_counsels(content_object_id)"
IN_PORTAL = f"""subrosa_is(permission_id, {lock.CLINICAL}) AND subrosa_in_portal_of(content_object_id)
    AND {lock.not_denied("clients_clientpermission.content_object_id")}"""


class Migration(migrations.Migration):
    dependencies = [("clients", "0014_job_sees_refusals")]
    operations = [
        sql(FUNCTION, "DROP FUNCTION subrosa_few(text[])"),
        altered("clients_client", "seen", seen(granted), seen(lock.granted)),
        # Two policies in one, since PostgreSQL asked the dearer one first: is this grant the actor's own?
        sql("DROP POLICY seen_in_portal ON clients_clientpermission",
            f"CREATE POLICY seen_in_portal ON clients_clientpermission FOR SELECT TO {WEB} USING ({IN_PORTAL})"),
        altered("clients_clientpermission", "seen", f"{OWN} OR ({IN_PORTAL})", OWN),
    ]  # fmt: skip

"""What the pages of this room need of the second lock: the portal's care team, the end of an authority, the deny list's key."""

from django.db import migrations

from audit.lock import WEB, WORKER, grant, policy, sql

PORTAL = "'portal_self', 'portal_represent'"
CLINICAL = "'counsel', 'supervise', 'cover'"

FUNCTION = f"""
CREATE FUNCTION subrosa_in_portal_of(client uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM clients_clientpermission g JOIN auth_permission p ON p.id = g.permission_id
        WHERE g.content_object_id = client AND g.user_id = subrosa_actor() AND p.codename IN ({PORTAL})
        AND (g.until IS NULL OR g.until > now())) $$;
REVOKE ALL ON FUNCTION subrosa_in_portal_of(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION subrosa_in_portal_of(uuid) TO {WEB}, {WORKER};
"""


def not_denied(client: str) -> str:
    """SQL: the actor does not stand on the deny list of ``client``."""
    return f"NOT EXISTS (SELECT 1 FROM clients_denial d WHERE d.client_id = {client} AND d.user_id = subrosa_actor())"


KEEPS_DENIALS = f"compartment = 'denial' AND holder IS NULL AND ((SELECT subrosa_role('admin')) OR subrosa_counsels(owner)) AND {not_denied('vault_datakey.owner')}"


class Migration(migrations.Migration):
    dependencies = [("clients", "0002_lock"), ("vault", "0001_initial")]
    operations = [
        sql(FUNCTION, "DROP FUNCTION subrosa_in_portal_of(uuid)"),
        # A grant is dated, never turned into another person's, another client's or another role's.
        grant("clients_clientpermission", web="SELECT, INSERT, UPDATE (since, until, granted_by_id, reason)"),
        policy("clients_clientpermission", "seen_in_portal", on="SELECT",
            using=f"permission_id IN (SELECT subrosa_codes({CLINICAL})) AND subrosa_in_portal_of(content_object_id) AND {not_denied('clients_clientpermission.content_object_id')}"),
        # The desk ends an authority, and the portal access that came with it (RG-12).
        policy("clients_clientpermission", "portal_dated", on="UPDATE",
            using=f"permission_id IN (SELECT subrosa_codes({PORTAL})) AND (SELECT subrosa_role('desk')) AND {not_denied('clients_clientpermission.content_object_id')}"),
        # Reasons on the deny list: the counselor's and the admin's to read, not the desk's and never the person's on it.
        policy("vault_datakey", "denial", on="SELECT", using=KEEPS_DENIALS),
        policy("vault_datakey", "denial_made", on="INSERT", check=KEEPS_DENIALS),
    ]  # fmt: skip

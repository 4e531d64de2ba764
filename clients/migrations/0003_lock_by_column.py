"""What the pages of this room need of the second lock: the portal's care team, the end of an authority, the deny list's key."""

from importlib import import_module

from django.db import migrations

from audit.lock import grant, policy, sql

PORTAL = "'portal_self', 'portal_represent'"
CLINICAL = "'counsel', 'supervise', 'cover'"

lock = import_module("clients.migrations.0002_lock")
FUNCTION = lock.function("subrosa_in_portal_of", "client uuid", f"EXISTS ({lock.grants(f'IN ({PORTAL})')})")
not_denied = lock.not_denied
KEEPS_DENIALS = f"compartment = 'denial' AND holder IS NULL AND ((SELECT subrosa_role('admin')) OR subrosa_counsels(owner)) AND {not_denied('vault_datakey.owner')}"


class Migration(migrations.Migration):
    dependencies = [("clients", "0002_lock"), ("vault", "0001_initial")]
    operations = [
        sql(FUNCTION, "DROP FUNCTION subrosa_in_portal_of(uuid)"),
        # A grant is dated, never turned into another person's, another client's or another role's.
        grant("clients_clientpermission", web="SELECT, INSERT, UPDATE (since, until, granted_by_id, reason)"),
        policy("clients_clientpermission", "seen_in_portal", on="SELECT",
            using=f"subrosa_is(permission_id, {CLINICAL}) AND subrosa_in_portal_of(content_object_id) AND {not_denied('clients_clientpermission.content_object_id')}"),
        # The desk ends an authority, and the portal access that came with it (RG-12).
        policy("clients_clientpermission", "portal_dated", on="UPDATE",
            using=f"subrosa_is(permission_id, {PORTAL}) AND (SELECT subrosa_role('desk')) AND {not_denied('clients_clientpermission.content_object_id')}"),
        # Reasons on the deny list: the counselor's and the admin's to read, not the desk's and never the person's on it.
        policy("vault_datakey", "denial", on="SELECT", using=KEEPS_DENIALS),
        policy("vault_datakey", "denial_made", on="INSERT", check=KEEPS_DENIALS),
    ]  # fmt: skip

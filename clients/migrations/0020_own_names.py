"""Who gave a grant and who denied is whoever did so; an invitation is used by the person with the link, so by nobody who is signed in.

Were it otherwise, the desk could write some account into an open invitation, and then let that account in.
"""

from django.db import migrations

from audit.lock import WEB, own_name, sql

INVITATION = "clients_portalinvitation"
USE = f"""
CREATE FUNCTION subrosa_use_invitation(ident uuid, person uuid, moment timestamptz) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE {INVITATION} SET used_at = moment, used_by_id = person
        WHERE id = ident AND used_at IS NULL AND withdrawn_at IS NULL AND subrosa_actor() IS NULL;
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION subrosa_use_invitation(uuid, uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION subrosa_use_invitation(uuid, uuid, timestamptz) TO {WEB};
REVOKE UPDATE (used_at, used_by_id) ON {INVITATION} FROM {WEB};
"""
UNDO = f"""
DROP FUNCTION subrosa_use_invitation(uuid, uuid, timestamptz);
GRANT UPDATE (used_at, used_by_id) ON {INVITATION} TO {WEB};
"""


class Migration(migrations.Migration):
    dependencies = [("clients", "0019_transfers"), ("audit", "0005_own_name")]
    operations = [
        own_name("clients_clientpermission", "granted_by_id", on="INSERT"),
        own_name("clients_clientpermission", "granted_by_id"),
        own_name("clients_denial", "denied_by_id", on="INSERT"),
        own_name("clients_denial", "denied_by_id"),
        sql(USE, UNDO),
    ]

"""A member's row goes only where they were never at a session; who left has no part in a session to come (IC-33)."""

from importlib import import_module

from django.db import migrations

from audit.lock import WEB, sql

parts, beyond = (import_module(f"records.migrations.{name}") for name in ("0015_parts_lock", "0017_beyond_reach"))
# Asked also by the front desk, who sees no session: yes or no is all that comes out. A session without rows of its own may have been everybody's.
CAME = f"""
CREATE FUNCTION records_came(unit uuid, person uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN RETURN EXISTS (SELECT 1 FROM records_session w WHERE w.client_id = unit AND w.within_id IS NULL AND (
        EXISTS (SELECT 1 FROM records_session s WHERE s.within_id = w.id AND s.client_id = person)
        OR NOT EXISTS (SELECT 1 FROM records_session s WHERE s.within_id = w.id))); END $$;
REVOKE ALL ON FUNCTION records_came(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION records_came(uuid, uuid) TO {WEB};
CREATE POLICY never_came ON clients_member AS RESTRICTIVE FOR DELETE TO {WEB} USING (NOT records_came(unit_id, person_id));
"""
FITS = parts.FITS.split("CREATE FUNCTION records_copy_fits")[0]
PRESENT = FITS.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION").replace(
    "AND m.person_id = person", "AND m.person_id = person AND m.left_at IS NULL"
)
BEYOND = beyond.BEYOND.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION").replace(
    "WHERE m.unit_id = whole.client_id", "WHERE m.unit_id = whole.client_id AND m.left_at IS NULL"
)
assert "left_at" in PRESENT
assert "left_at" in BEYOND


class Migration(migrations.Migration):
    dependencies = [("records", "0019_earlier_record"), ("clients", "0021_left_members")]
    operations = [
        sql(CAME, "DROP POLICY never_came ON clients_member; DROP FUNCTION records_came(uuid, uuid)"),
        sql(PRESENT, FITS.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")),
        sql(BEYOND, beyond.BEYOND.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")),
    ]

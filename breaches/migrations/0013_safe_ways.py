"""The worker that prepares a letter sees how that client may be reached; and who sends it is told whether that changed since."""

from importlib import import_module

from django.db import migrations

from audit.lock import WEB, WORKER, policy, sql

letters = import_module("breaches.migrations._letters_lock")
SEES = ("clients_safeway", "clients_safetyprofile", "clients_replacedaddress")
# One word, no address: whoever works on an incident has no client's contact data.
CHANGED = f"""
CREATE FUNCTION subrosa_reach_changed(client uuid, since timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN RETURN EXISTS (SELECT 1 FROM clients_safeway w WHERE w.client_id = client AND (w.valid_from >= since OR w.valid_to >= since))
    OR EXISTS (SELECT 1 FROM clients_replacedaddress r WHERE r.client_id = client AND r.since >= $2); END $$;
REVOKE ALL ON FUNCTION subrosa_reach_changed(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION subrosa_reach_changed(uuid, timestamptz) TO {WEB}, {WORKER};
"""


class Migration(migrations.Migration):
    dependencies = [("breaches", "0012_own_names"), ("clients", "0023_contact_safety")]
    operations = [
        *(policy(table, "job_letter", on="SELECT", using=letters.waiting(f"{table}.client_id"), to=WORKER) for table in SEES),
        sql(CHANGED, "DROP FUNCTION subrosa_reach_changed(uuid, timestamptz)"),
    ]

"""What the author of a part is told of those whose record they may not open: how many, and (of the unit's own session) which code."""

from importlib import import_module

from django.db import migrations

from audit.lock import WEB, WORKER, sql

lock = import_module("records.migrations.0002_lock")
# Nobody's name comes out of it. ``here``: was there; ``read``: the record may be opened; ``write``: and written in.
BEYOND = f"""
CREATE FUNCTION records_beyond(its_session uuid) RETURNS jsonb LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    DECLARE asked records_session; whole records_session;
    BEGIN
        SELECT * INTO asked FROM records_session s WHERE s.id = its_session AND s.counselor_id = subrosa_actor();
        IF asked.id IS NULL OR NOT subrosa_granted(asked.client_id, {lock.COUNSEL}) OR subrosa_denied(coalesce(asked.unit_id, asked.client_id))
            THEN RETURN '[]'; END IF;
        SELECT * INTO whole FROM records_session s WHERE s.id = coalesce(asked.within_id, asked.id);
        RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('here', p.here, 'read', p.read, 'write', p.write,
                'code', CASE WHEN subrosa_granted(whole.client_id, {lock.COUNSEL}) THEN p.code END) ORDER BY p.code), '[]')
            FROM (SELECT c.code, subrosa_granted(c.id, {lock.CLINICAL}) AS read, subrosa_granted(c.id, {lock.COUNSEL}) AS write,
                    EXISTS (SELECT 1 FROM records_session r WHERE r.within_id = whole.id AND r.client_id = c.id) AS here
                FROM clients_client c WHERE c.id IN (SELECT m.person_id FROM clients_member m WHERE m.unit_id = whole.client_id
                    UNION SELECT r.client_id FROM records_session r WHERE r.within_id = whole.id)) p
            WHERE NOT (p.read AND p.write));
    END $$;
REVOKE ALL ON FUNCTION records_beyond(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION records_beyond(uuid) TO {WEB}, {WORKER};
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0016_crisis_and_recording")]
    operations = [sql(BEYOND, "DROP FUNCTION records_beyond(uuid)")]

"""An emergency opens every row of a person who was taken in twice: the function that finds them names the duplicates as well (SE-2)."""

from importlib import import_module

from django.db import migrations

from audit.lock import WEB, sql

FORMERLY = import_module("clients.migrations.0017_emergency").FOUND
DROP = "DROP FUNCTION subrosa_in_emergency(bytea[]);"
# The client kept stands first. What it says of a merge is what opening the kept one would show a moment later.
FOUND = f"""
CREATE FUNCTION subrosa_in_emergency(sought bytea[]) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE found uuid[];
BEGIN
    IF NOT subrosa_role('counselor', 'supervisor') THEN RETURN NULL; END IF;
    SELECT array_agg(DISTINCT coalesce(m.kept_id, t.client_id)) INTO found FROM clients_searchtoken t
        LEFT JOIN clients_merge m ON m.duplicate_id = t.client_id WHERE t.token = ANY(sought);
    IF cardinality(found) = 1 AND NOT subrosa_denied(found[1]) THEN
        RETURN found || ARRAY(SELECT m.duplicate_id FROM clients_merge m WHERE m.kept_id = found[1] ORDER BY m.merged_at, m.duplicate_id);
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION subrosa_in_emergency(bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION subrosa_in_emergency(bytea[]) TO {WEB};
"""


class Migration(migrations.Migration):
    dependencies = [("clients", "0017_emergency")]
    operations = [sql(DROP + FOUND, DROP + FORMERLY)]

"""How many notes of whom are late, for those who must ask after them and may not see a draft: a number, never a row (REC-5)."""

from django.db import migrations

from audit.lock import WEB, sql

# What a counselor's own home calls late (records/access.py): drafts, and sessions without a note, while they counsel the client.
LATE = f"""
CREATE FUNCTION records_late(whose uuid, before timestamptz) RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
DECLARE everybody boolean := subrosa_role('admin'); counted bigint;
BEGIN
    IF whose = subrosa_actor() OR NOT (everybody OR EXISTS (SELECT 1 FROM practice_supervision p WHERE p.supervisor_id = subrosa_actor()
        AND p.supervisee_id = whose AND (p.until IS NULL OR p.until > clock_timestamp()))) THEN RETURN 0; END IF;
    SELECT count(*) INTO counted FROM (
        SELECT n.client_id AS client FROM records_note n LEFT JOIN records_session s ON s.id = n.session_id
            WHERE n.author_id = whose AND n.signed_at IS NULL AND n.kind <> 'psychotherapy' AND coalesce(s.ends_at, n.created_at) <= before
        UNION ALL
        SELECT s.client_id FROM records_session s
            WHERE s.counselor_id = whose AND s.ends_at <= before AND s.outcome IN ('planned', 'attended')
            AND NOT EXISTS (SELECT 1 FROM records_note n WHERE n.session_id = s.id AND n.kind <> 'psychotherapy'
                AND (n.signed_at IS NOT NULL OR n.author_id = whose))
    ) found
    WHERE (everybody OR subrosa_granted(found.client, 'supervise'))
        AND EXISTS (SELECT 1 FROM clients_clientpermission g WHERE g.content_object_id = found.client AND g.user_id = whose
            AND subrosa_is(g.permission_id, 'counsel', 'cover') AND (g.until IS NULL OR g.until > clock_timestamp()));
    RETURN counted;
END $$;
REVOKE ALL ON FUNCTION records_late(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION records_late(uuid, timestamptz) TO {WEB};
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0006_addenda_by_the_author"), ("clients", "0004_authors_alone")]
    operations = [sql(LATE, "DROP FUNCTION records_late(uuid, timestamptz)")]

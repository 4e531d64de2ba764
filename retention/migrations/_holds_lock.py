"""The second lock on holds, the key of what is kept and why, and the one question: what stands against destroying a record?"""

from __future__ import annotations

from importlib import import_module

from audit.lock import OWNER, WEB, WORKER, freeze, grant, guard, own_name, policy, sql

lock = import_module("clients.migrations.0002_lock")
HOLD, KEYS, PRACTICE = "retention_hold", "vault_datakey", "00000000-0000-4000-8000-000000000001"
ADMIN, STAFF = lock.role("admin"), lock.role("admin", "counselor", "supervisor")
FREE = lock.not_denied("client_id")
SEES = f"(client_id IS NULL AND {STAFF}) OR (client_id IS NOT NULL AND {FREE} AND ({ADMIN} OR {lock.granted('client_id')}))"
COUNSELS = lock.granted("client_id", "'counsel', 'cover'")
PLACES = f"placed_by_id = subrosa_actor() AND released_at IS NULL AND ({ADMIN} OR (client_id IS NOT NULL AND {COUNSELS}))"
KEY = f"compartment = 'keeping' AND holder IS NULL AND {lock.not_denied('vault_datakey.owner')}"

# Of every row of the same person, merged ones too: what stands against destroying them, how often, and until which day. An admin sees
# no request, no exception and no incident of which they may be the cause: so the database counts, and tells no more than that.
BLOCKS = f"""
CREATE OR REPLACE FUNCTION retention_blocks(whose uuid[]) RETURNS TABLE (client uuid, what text, many bigint, last date)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF session_user NOT IN ('{OWNER}', '{WORKER}') AND EXISTS (SELECT 1 FROM unnest(whose) w(id)
        WHERE subrosa_denied(w.id) OR NOT (subrosa_role('admin') OR subrosa_granted(w.id, {lock.CLINICAL}))) THEN
        RAISE EXCEPTION 'Nobody asks this of a client who is not theirs.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY
    WITH people AS (SELECT w.id, coalesce(m.kept_id, w.id) AS person FROM unnest(whose) w(id)
            LEFT JOIN clients_merge m ON m.duplicate_id = w.id),
        rows AS (SELECT p.id, p.person AS row FROM people p
            UNION SELECT p.id, m.duplicate_id FROM people p JOIN clients_merge m ON m.kept_id = p.person)
    SELECT r.id, 'hold', count(*), NULL::date FROM rows r JOIN retention_hold h ON h.client_id = r.row
        WHERE h.released_at IS NULL AND h.ground NOT IN ('abuse', 'audit') GROUP BY 1
    UNION ALL SELECT r.id, h.ground::text, count(*), NULL::date FROM rows r JOIN retention_hold h ON h.client_id = r.row
        WHERE h.released_at IS NULL AND h.ground IN ('abuse', 'audit') GROUP BY 1, 2
    UNION ALL SELECT p.id, 'practice', (SELECT count(*) FROM retention_hold h WHERE h.client_id IS NULL AND h.released_at IS NULL), NULL::date
        FROM people p WHERE EXISTS (SELECT 1 FROM retention_hold h WHERE h.client_id IS NULL AND h.released_at IS NULL)
    UNION ALL SELECT r.id, CASE WHEN q.kind = 'complaint' THEN 'complaint' ELSE 'request' END, count(*), NULL::date
        FROM rows r JOIN disclosures_rightsrequest q ON q.client_id = r.row WHERE q.closed_at IS NULL GROUP BY 1, 2
    UNION ALL SELECT r.id, 'accounting', count(*), NULL::date FROM rows r JOIN disclosures_accountingrequest q ON q.client_id = r.row
        WHERE q.given_at IS NULL AND q.withdrawn_at IS NULL GROUP BY 1
    UNION ALL SELECT r.id, 'process', count(*), NULL::date FROM rows r JOIN disclosures_legalprocess q ON q.client_id = r.row
        WHERE q.closed_at IS NULL GROUP BY 1
    UNION ALL SELECT r.id, 'exception', count(*), NULL::date FROM rows r JOIN disclosures_exceptionevent q ON q.client_id = r.row
        WHERE q.closed_at IS NULL GROUP BY 1
    UNION ALL SELECT r.id, 'release', count(*), NULL::date FROM rows r JOIN disclosures_release q ON q.client_id = r.row
        WHERE q.ended_at IS NULL GROUP BY 1
    UNION ALL SELECT r.id, 'incident', count(DISTINCT i.id), NULL::date FROM rows r JOIN breaches_affected a ON a.client_id = r.row
        JOIN breaches_incident i ON i.id = a.incident_id
        WHERE a.removed_at IS NULL AND i.state NOT IN ('closed', 'near_miss') GROUP BY 1
    UNION ALL SELECT p.id, 'unit', count(*), NULL::date FROM rows p JOIN clients_member m ON m.person_id = p.row
        JOIN clients_client u ON u.id = m.unit_id WHERE u.status NOT IN ('discharged', 'archived') GROUP BY 1
    UNION ALL SELECT d.id, 'papers', count(*), max(d.on_day) FROM (
            SELECT r.id, q.made_at::date AS on_day FROM rows r JOIN disclosures_disclosure q ON q.client_id = r.row
            UNION ALL SELECT r.id, coalesce(q.given_at, q.withdrawn_at)::date FROM rows r
                JOIN disclosures_accountingrequest q ON q.client_id = r.row
            UNION ALL SELECT r.id, q.closed_at::date FROM rows r JOIN disclosures_rightsrequest q ON q.client_id = r.row
            UNION ALL SELECT r.id, q.at::date FROM rows r JOIN consent_noticedelivery q ON q.client_id = r.row
            UNION ALL SELECT r.id, greatest(q.asked_at, least(q.ended_at, q.until))::date FROM rows r
                JOIN consent_authorization a ON a.client_id = r.row JOIN consent_request q ON q.id = a.request_id
            UNION ALL SELECT r.id, c.closed_at::date FROM rows r JOIN breaches_affected a ON a.client_id = r.row
                JOIN breaches_closing c ON c.incident_id = a.incident_id) d
        WHERE d.on_day IS NOT NULL GROUP BY 1;
END $$;
REVOKE ALL ON FUNCTION retention_blocks(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION retention_blocks(uuid[]) TO {WEB}, {WORKER};
"""

LOCKS = [
    grant(HOLD, web="SELECT, INSERT, UPDATE (version, reason, release, released_by_id, released_at)", worker="SELECT"),
    guard(HOLD),
    freeze(HOLD, when="OLD.released_at IS NOT NULL", name="released_is_final"),
    policy(HOLD, "seen", on="SELECT", using=SEES),
    policy(HOLD, "placed", on="INSERT", check=PLACES),
    # Released by an admin alone: whoever counsels may place one, and not take it off before a court (RET-22).
    policy(HOLD, "released", on="UPDATE", using=f"released_at IS NULL AND {ADMIN} AND (client_id IS NULL OR {FREE})",
        check=f"{ADMIN} AND released_by_id = subrosa_actor()"),
    own_name(HOLD, "released_by_id"),
    policy(KEYS, "keeping", on="SELECT", using=f"{KEY} AND ({ADMIN} OR {lock.granted('vault_datakey.owner')})"),
    policy(KEYS, "keeping_made", on="INSERT", check=f"{KEY} AND ({ADMIN} OR {lock.granted('vault_datakey.owner')})"),
    sql(BLOCKS, "DROP FUNCTION retention_blocks(uuid[])"),
]  # fmt: skip

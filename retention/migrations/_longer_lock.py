"""The second lock on what payers and promises ask, and what the database counts of it and of paper."""

from __future__ import annotations

from importlib import import_module

from audit.lock import OWNER, WEB, WORKER, freeze, grant, guard, own_name, policy, sql

lock = import_module("clients.migrations.0002_lock")
rows = import_module("retention.migrations._rows")
destroying = import_module("retention.migrations._destroying_lock")
LONGER = "retention_longer"
SEES, COUNSELS, ADMIN, FREE = destroying.SEES, destroying.COUNSELS, destroying.ADMIN, destroying.FREE
# A merged row's payer keeps the person's other rows as well; paper that is out cannot be shredded.
MORE = f"""UNION ALL SELECT r.id, 'longer', count(*), NULL::date FROM rows r JOIN {LONGER} l ON l.client_id = r.row
        WHERE l.ended_at IS NULL AND r.row <> r.id GROUP BY 1
    UNION ALL SELECT p.client_id, 'out', count(*), NULL::date FROM paper_paperfile p
        WHERE p.client_id = ANY(whose) AND p.state = 'out' GROUP BY 1
    UNION ALL SELECT d.id, 'papers'"""
BLOCKS = destroying.BLOCKS.replace("UNION ALL SELECT d.id, 'papers'", MORE, 1)
# Which paper is still to be shredded: a psychotherapy note's file as well, of which nobody but its originator is told elsewhere.
PAPER = f"""
CREATE FUNCTION retention_paper(whose uuid[]) RETURNS TABLE (client uuid, label text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF session_user NOT IN ('{OWNER}', '{WORKER}') AND EXISTS (SELECT 1 FROM unnest(whose) w(id) WHERE subrosa_denied(w.id)
        OR NOT (subrosa_role('admin') OR subrosa_granted(w.id, {lock.CLINICAL}) OR retention_lets_go(w.id))) THEN
        RAISE EXCEPTION 'Nobody asks this of a client who is not theirs.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY SELECT p.client_id, p.label::text FROM paper_paperfile p
        WHERE p.client_id = ANY(whose) AND p.state NOT IN ('lost', 'destroyed') ORDER BY p.label;
END $$;
REVOKE ALL ON FUNCTION retention_paper(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION retention_paper(uuid[]) TO {WEB}, {WORKER};
"""

# Whoever was worked with again, or whom a payer keeps longer since, is counted again whatever day was set.
DAYS = import_module("retention.migrations.0004_what_others_hang_on").WORKED_SINCE
CHANGED_SINCE = DAYS.replace(
    "s.looked_at >= c.recent_at",
    f"s.looked_at >= c.recent_at AND NOT EXISTS (SELECT 1 FROM {LONGER} l WHERE l.client_id = c.id AND greatest(l.at, l.ended_at) > s.looked_at)",
)

LOCKS = [
    grant(LONGER, web="SELECT, INSERT, UPDATE (version, told, why, ended_by_id, ended_at)", worker="SELECT"),
    guard(LONGER),
    freeze(LONGER, when="OLD.ended_at IS NOT NULL", name="ended_is_final"),
    policy(LONGER, "seen", on="SELECT", using=SEES),
    policy(LONGER, "written", on="INSERT", check=f"by_id = subrosa_actor() AND ended_at IS NULL AND {COUNSELS}"),
    # Ended by an admin alone: whoever counsels writes it down, and does not take it off.
    policy(
        LONGER, "ended", on="UPDATE", using=f"ended_at IS NULL AND {FREE} AND {ADMIN}", check=f"{ADMIN} AND ended_by_id = subrosa_actor()"
    ),
    policy(LONGER, "job_counts", on="SELECT", using=destroying.job("client_id"), to=WORKER),
    own_name(LONGER, "ended_by_id"),
    sql(BLOCKS, destroying.BLOCKS),
    sql(CHANGED_SINCE, DAYS),
    sql(PAPER, "DROP FUNCTION retention_paper(uuid[])"),
    sql(rows.DESTROY),
]

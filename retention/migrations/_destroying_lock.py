"""The second lock on what is eligible, on batches and certificates; and the one way by which rows that are final may go."""

from __future__ import annotations

from importlib import import_module

from audit.lock import WEB, WORKER, freeze, grant, guard, own_name, policy, sql

lock = import_module("clients.migrations.0002_lock")
rows = import_module("retention.migrations._rows")
holds = import_module("retention.migrations._holds_lock")
STANDING, SNOOZE, BATCH, ITEM, CERTIFICATE = (f"retention_{name}" for name in ("standing", "snooze", "batch", "item", "certificate"))
KEYS, CLIENT = "vault_datakey", "clients_client"
ADMIN, COUNSELOR, FREE = lock.role("admin"), lock.role("counselor"), lock.not_denied("client_id")
SEES = f"{FREE} AND ({ADMIN} OR {lock.granted('client_id')})"
COUNSELS = f"{FREE} AND ({ADMIN} OR {holds.COUNSELS})"

ENDED = "status IN ('discharged', 'archived')"
# Whose birthday the job may read: of records that ended, and of the members of units that did.
COUNTS = lock.function("retention_counted", "whose uuid", f"""EXISTS (SELECT 1 FROM {CLIENT} c WHERE c.id = whose AND c.{ENDED})
    OR EXISTS (SELECT 1 FROM clients_member m JOIN {CLIENT} u ON u.id = m.unit_id WHERE m.person_id = whose AND u.{ENDED})
    OR EXISTS (SELECT 1 FROM {ITEM} i WHERE i.client_id = whose AND i.state = 'waiting')""")  # fmt: skip
# Who is in a batch on a client has the key of what was counted, and no other key of theirs.
LETS_GO = lock.function("retention_lets_go", "whose uuid", f"""EXISTS (SELECT 1 FROM {ITEM} i JOIN {BATCH} b ON b.id = i.batch_id
    WHERE i.client_id = whose AND subrosa_actor() IN (b.asked_id, b.proposed_by_id))""")  # fmt: skip
IN_BATCH = lock.function("retention_in_batch", "which uuid", f"""EXISTS (SELECT 1 FROM {BATCH} b WHERE b.id = which
    AND subrosa_actor() IN (b.asked_id, b.proposed_by_id))""")  # fmt: skip
IS_GONE = lock.function(
    "retention_is_gone", "whose uuid", f"EXISTS (SELECT 1 FROM {CLIENT} c WHERE c.id = whose AND c.status = 'destroyed')"
)
# Of every record that ended, under all rows of the person: the last service, and the day it is said to have ended.
DAYS = f"""
CREATE FUNCTION retention_days(which uuid[]) RETURNS TABLE (client uuid, last_at timestamptz, ended date)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY
    WITH people AS (SELECT c.id, coalesce(m.kept_id, c.id) AS person, c.since FROM {CLIENT} c LEFT JOIN clients_merge m ON m.duplicate_id = c.id
            WHERE c.{ENDED} AND (which IS NULL OR c.id = ANY(which))
            AND (which IS NOT NULL OR NOT EXISTS (SELECT 1 FROM {STANDING} s WHERE s.client_id = c.id AND s.look_on > current_date))),
        rows AS (SELECT p.id, p.person AS row FROM people p
            UNION SELECT p.id, m.duplicate_id FROM people p JOIN clients_merge m ON m.kept_id = p.person)
    SELECT p.id, coalesce(greatest(
            (SELECT max(s.starts_at) FROM rows r JOIN records_session s ON s.client_id = r.row WHERE r.id = p.id AND s.outcome = 'attended'),
            (SELECT max(n.created_at) FROM rows r JOIN records_note n ON n.client_id = r.row WHERE r.id = p.id AND n.signed_at IS NOT NULL)),
            p.since),
        (SELECT max(t."on") FROM rows r JOIN clients_statusstep t ON t.client_id = r.row WHERE r.id = p.id AND t.became = 'discharged')
    FROM people p;
END $$;
REVOKE ALL ON FUNCTION retention_days(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION retention_days(uuid[]) TO {WORKER};
"""
# A unit's sessions stand under the parts of those who were there: they go first, or together with it.
PARTS = f"""UNION ALL SELECT o.client_id, 'bundle', count(*), NULL::date FROM moving_moveout o
        WHERE o.client_id = ANY(whose) AND o.gone_at IS NULL AND o.outcome IN ('', 'approved') GROUP BY 1
    UNION ALL SELECT w.client_id, 'parts', count(DISTINCT s.client_id), NULL::date FROM records_session w
        JOIN records_session s ON s.within_id = w.id WHERE w.client_id = ANY(whose) AND s.client_id <> w.client_id
        AND NOT EXISTS (SELECT 1 FROM {ITEM} i WHERE i.client_id = s.client_id AND i.state = 'waiting') GROUP BY 1
    """
# What was asked before may be asked by who is in the batch, too; and only what is archived is destroyed.
BLOCKS = holds.BLOCKS.replace(
    f"subrosa_role('admin') OR subrosa_granted(w.id, {lock.CLINICAL})", f"subrosa_role('admin') OR subrosa_granted(w.id, {lock.CLINICAL}) OR retention_lets_go(w.id)"
).replace(
    "SELECT r.id, 'hold', count(*)",
    f"SELECT c.id, 'open', 1::bigint, NULL::date FROM {CLIENT} c WHERE c.id = ANY(whose) AND c.status <> 'archived'\n    {PARTS}UNION ALL SELECT r.id, 'hold', count(*)",
    1,
).replace(
    "u.status NOT IN ('discharged', 'archived')", f"NOT EXISTS (SELECT 1 FROM {STANDING} t WHERE t.client_id = u.id AND t.ripe)"
)  # fmt: skip
HELD = f"""
CREATE FUNCTION retention_waits() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(915002);  -- either the job sees this hold, or we see that the record is gone
    IF EXISTS (SELECT 1 FROM {CLIENT} c WHERE c.id = NEW.client_id AND c.status = 'destroyed') THEN
        RAISE EXCEPTION 'This record was destroyed.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION retention_waits() FROM PUBLIC;
CREATE TRIGGER waits_for_the_job BEFORE INSERT ON retention_hold FOR EACH ROW EXECUTE FUNCTION retention_waits();
"""
DELETING = "IF TG_OP = 'DELETE' THEN IF subrosa_destroys() THEN RETURN OLD; END IF; END IF;"  # CASE would not compile for an INSERT


def lets_pass(function: str, mark: str = "BEGIN") -> str:
    """SQL: the trigger function ``function``, as it stands, lets the destruction of a record pass."""
    return f"""
DO $do$ DECLARE body text := pg_get_functiondef('{function}()'::regprocedure);
BEGIN
    IF position('subrosa_destroys' IN body) = 0 THEN
        EXECUTE regexp_replace(body, '\\m{mark}\\M', '{mark} {DELETING.replace("'", "''")}');
    END IF;
END $do$"""


# Proposed by an admin, or by who counsels; approved by the one who was asked, or with a witness where nobody else is here (RET-25).
ALONE = """NOT EXISTS (SELECT 1 FROM practice_user u WHERE u.id <> subrosa_actor() AND u.is_active
    AND (u.leaves_at IS NULL OR u.leaves_at > now()) AND u.roles && ARRAY['admin', 'counselor']::varchar[])"""
IS_ALONE = lock.function("retention_is_alone", "whose uuid", ALONE.replace("subrosa_actor()", "whose"))
SECOND = (
    "(NOT outside AND asked_id = subrosa_actor()) OR (outside AND proposed_by_id = subrosa_actor() AND retention_is_alone(subrosa_actor()))"
)


def job(client: str) -> str:
    """SQL: the job acts, on nobody's behalf, and this client is one it counts."""
    return f"subrosa_actor() IS NULL AND retention_counted({client})"


LOCKS = [
    sql(COUNTS, "DROP FUNCTION retention_counted(uuid)"),
    sql(LETS_GO, "DROP FUNCTION retention_lets_go(uuid)"),
    sql(IN_BATCH, "DROP FUNCTION retention_in_batch(uuid)"),
    sql(IS_GONE, "DROP FUNCTION retention_is_gone(uuid)"),
    sql(IS_ALONE, "DROP FUNCTION retention_is_alone(uuid)"),
    sql(DAYS, "DROP FUNCTION retention_days(uuid[])"),
    sql(BLOCKS, holds.BLOCKS),
    sql(HELD, "DROP TRIGGER waits_for_the_job ON retention_hold; DROP FUNCTION retention_waits()"),
    sql(rows.DESTROYS, "DROP FUNCTION subrosa_destroys()"),
    sql(rows.DESTROY, "DROP FUNCTION retention_destroy(uuid, uuid[]); DROP FUNCTION retention_counts(uuid); DROP FUNCTION retention_parts(uuid)"),
    *[sql(lets_pass(name)) for name in ("subrosa_refuse_change", "subrosa_refuse_when_over", "subrosa_refuse_when_over_but")],
    # What is eligible: written by the job, read by the care team and admins.
    grant(STANDING, web="SELECT", worker="SELECT, INSERT, DELETE, UPDATE (version, ripe, look_on, looked_at, told)"),
    guard(STANDING),
    policy(STANDING, "seen", on="SELECT", using=SEES),
    policy(STANDING, "counted", using=job("client_id"), check=job("client_id"), to=WORKER),
    grant(SNOOZE, web="SELECT, INSERT", worker="SELECT"),
    guard(SNOOZE),
    freeze(SNOOZE),
    policy(SNOOZE, "seen", on="SELECT", using=SEES),
    policy(SNOOZE, "put_off", on="INSERT", check=f"by_id = subrosa_actor() AND {COUNSELS}"),
    # Two persons.
    grant(BATCH, web="SELECT, INSERT, UPDATE (version, approved_by_id, approved_at, witness, vendor)", worker="SELECT"),
    guard(BATCH),
    freeze(BATCH, when="OLD.approved_at IS NOT NULL", name="approved_is_final"),
    policy(BATCH, "seen", on="SELECT", using=f"{ADMIN} OR asked_id = subrosa_actor() OR proposed_by_id = subrosa_actor()"),
    policy(BATCH, "proposed", on="INSERT",
        check=f"proposed_by_id = subrosa_actor() AND approved_at IS NULL AND {lock.role('admin', 'counselor')} AND (NOT outside OR retention_is_alone(subrosa_actor()))"),
    # Either locks it to take an item of it back, and changes nothing.
    policy(BATCH, "held", on="UPDATE", using="subrosa_actor() IN (asked_id, proposed_by_id)", check="false"),
    policy(BATCH, "approved", on="UPDATE", using=f"approved_at IS NULL AND ({SECOND})", check=f"approved_by_id = subrosa_actor() AND ({SECOND})"),
    policy(BATCH, "job_sees", on="SELECT", using="subrosa_actor() IS NULL", to=WORKER),
    grant(ITEM, web="SELECT, INSERT, UPDATE (version, state, ended_by_id, ended_at, told, why)", worker="SELECT, UPDATE (state, rules, ended_at)"),
    guard(ITEM),
    freeze(ITEM, when="OLD.state <> 'waiting'", name="ended_is_final"),
    policy(ITEM, "seen", on="SELECT", using=f"{ADMIN} OR retention_in_batch(batch_id)"),
    policy(ITEM, "proposed", on="INSERT", check=f"state = 'waiting' AND retention_in_batch(batch_id) AND {COUNSELS}"),
    policy(ITEM, "taken_back", on="UPDATE", using="state = 'waiting' AND retention_in_batch(batch_id)",
        check="state = 'taken_back' AND ended_by_id = subrosa_actor()"),
    policy(ITEM, "job_sees", on="SELECT", using="subrosa_actor() IS NULL", to=WORKER),
    policy(ITEM, "job_stops", on="UPDATE", using="subrosa_actor() IS NULL AND state = 'waiting'", check="state IN ('waiting', 'stopped')", to=WORKER),
    own_name(ITEM, "ended_by_id"),
    grant(CERTIFICATE, web="SELECT", worker="SELECT, INSERT"),
    guard(CERTIFICATE),
    freeze(CERTIFICATE),
    policy(CERTIFICATE, "seen", on="SELECT", using=f"{ADMIN} OR subrosa_actor() IN (performed_by_id, approver_id)"),
    policy(CERTIFICATE, "made", to=WORKER, using="subrosa_actor() IS NULL", check=job("client_id")),
    # The job: birthdays, what was counted, addresses of mail that went to them.
    policy(CLIENT, "retention_job", on="SELECT", using=job("clients_client.id"), to=WORKER),
    policy("clients_member", "retention_job", on="SELECT", using=job("unit_id"), to=WORKER),
    policy("clients_contactpoint", "retention_job", on="SELECT", using=job("client_id"), to=WORKER),
    policy("clients_clientpermission", "retention_job", on="SELECT", using=job("content_object_id"), to=WORKER),
    policy(KEYS, "retention_job", on="SELECT", to=WORKER,
        using="compartment IN ('contact', 'keeping') AND holder IS NULL AND " + job("vault_datakey.owner")),
    policy(KEYS, "retention_job_made", on="INSERT", to=WORKER,
        check="compartment = 'keeping' AND holder IS NULL AND " + job("vault_datakey.owner")),
    policy(KEYS, "keeping_batch", on="SELECT", using=f"{holds.KEY} AND retention_lets_go(vault_datakey.owner)"),
    # Nothing begins anew with a record that is gone: no key, no grant.
    sql(f"""CREATE POLICY not_gone ON {KEYS} AS RESTRICTIVE FOR INSERT TO {WEB}, {WORKER} WITH CHECK (NOT retention_is_gone(owner));
        CREATE POLICY not_gone ON clients_clientpermission AS RESTRICTIVE FOR INSERT TO {WEB}, {WORKER}
        WITH CHECK (NOT retention_is_gone(content_object_id))""",
        f"DROP POLICY not_gone ON {KEYS}; DROP POLICY not_gone ON clients_clientpermission"),
]  # fmt: skip

"""The second lock on leaving, and what somebody leaves: counts, never rows, for themself and for admins."""

from __future__ import annotations

from importlib import import_module

from audit.lock import WEB, freeze, grant, guard, policy, sql

lock = import_module("clients.migrations.0002_lock")
DEPARTURE, ADMIN = "transfers_departure", lock.role("admin")
COUNSELS = """EXISTS (SELECT 1 FROM clients_clientpermission g WHERE g.content_object_id = {client} AND g.user_id = whose
    AND subrosa_is(g.permission_id, 'counsel', 'cover') AND (g.until IS NULL OR g.until > clock_timestamp()))"""
ALONE = """EXISTS (SELECT 1 FROM clients_clientpermission g WHERE g.content_object_id = r.client_id AND g.user_id = whose AND g.until IS NULL
    AND subrosa_is(g.permission_id, 'counsel')) AND NOT EXISTS (SELECT 1 FROM clients_clientpermission g WHERE g.content_object_id = r.client_id
    AND g.user_id <> whose AND subrosa_is(g.permission_id, 'counsel') AND (g.until IS NULL OR g.until > clock_timestamp()))"""
# An admin sees no draft and no exception, and nothing of an incident of which they may be the cause: so the database counts.
# A psychotherapy note is its author's alone, and counts for nobody else (REC-1).
LEFT = f"""
CREATE FUNCTION transfers_left(whose uuid) RETURNS jsonb LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE mine boolean := whose = subrosa_actor(); last date;
BEGIN
    IF mine IS NOT TRUE AND NOT subrosa_role('admin') THEN RETURN '{{}}'; END IF;
    SELECT coalesce((SELECT d.last_day FROM {DEPARTURE} d WHERE d.person_id = whose AND d.ended_at IS NULL), current_date) INTO last;
    RETURN jsonb_build_object(
        'clients', (SELECT count(*) FROM clients_clientpermission g JOIN clients_client c ON c.id = g.content_object_id
            WHERE g.user_id = whose AND g.until IS NULL AND subrosa_is(g.permission_id, 'counsel') AND c.status NOT IN ('discharged', 'archived')),
        'drafts', (SELECT count(*) FROM records_note n WHERE n.author_id = whose AND n.signed_at IS NULL
            AND (mine OR n.kind <> 'psychotherapy') AND {COUNSELS.format(client="n.client_id")}),
        'unnoted', (SELECT count(*) FROM records_session s WHERE s.counselor_id = whose AND s.within_id IS NULL AND s.ends_at <= clock_timestamp()
            AND s.outcome IN ('planned', 'attended') AND {COUNSELS.format(client="s.client_id")}
            AND NOT EXISTS (SELECT 1 FROM records_note n WHERE n.session_id = s.id AND n.kind <> 'psychotherapy')),
        'planned', (SELECT count(*) FROM records_session s WHERE s.counselor_id = whose AND s.within_id IS NULL AND s.outcome = 'planned'
            AND s.starts_at > clock_timestamp() AND s.starts_at::date > last),
        'cosign', (SELECT count(*) FROM records_cosignrequest r WHERE r.supervisor_id = whose
            AND NOT EXISTS (SELECT 1 FROM records_cosignature c WHERE c.note_id = r.note_id)),
        'supervises', (SELECT count(*) FROM practice_supervision p WHERE p.supervisor_id = whose AND p.until IS NULL),
        'offered', (SELECT count(*) FROM transfers_transfer t WHERE t.to_id = whose AND t.outcome = ''),
        'releases', (SELECT count(*) FROM disclosures_release r WHERE r.made_by_id = whose AND r.ended_at IS NULL),
        'exceptions', (SELECT count(*) FROM disclosures_exceptionevent e WHERE e.opened_by_id = whose AND e.closed_at IS NULL),
        'consults', (SELECT count(*) FROM disclosures_consult c JOIN disclosures_exceptionevent e ON e.id = c.event_id
            WHERE c.asked_id = whose AND c.answered_at IS NULL AND e.closed_at IS NULL),
        'requests', (SELECT count(*) FROM disclosures_rightsrequest r WHERE r.closed_at IS NULL AND r.kind <> 'complaint' AND {ALONE}),
        'tasks', (SELECT count(*) FROM breaches_task t WHERE t.owner_id = whose AND t.done_at IS NULL AND NOT EXISTS (SELECT 1
            FROM breaches_suspect s WHERE s.incident_id = t.incident_id AND s.user_id = subrosa_actor() AND s.cleared_at IS NULL)),
        'explain', (SELECT count(*) FROM review_signal r WHERE r.person_id = whose AND r.asked_at IS NOT NULL AND r.decided_at IS NULL
            AND (mine OR NOT EXISTS (SELECT 1 FROM review_reply y WHERE y.signal_id = r.id)))
    );
END $$;
REVOKE ALL ON FUNCTION transfers_left(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION transfers_left(uuid) TO {WEB};
"""

LOCKS = [
    grant(DEPARTURE, web="SELECT, INSERT, UPDATE (version, ended_by_id, ended_at, called_off, \"left\", left_words)"),
    guard(DEPARTURE),
    freeze(DEPARTURE, when="OLD.ended_at IS NOT NULL", name="ended_is_final"),
    policy(DEPARTURE, "seen", on="SELECT", using=f"person_id = subrosa_actor() OR {ADMIN}"),
    policy(DEPARTURE, "begun", on="INSERT", check=f"begun_by_id = subrosa_actor() AND person_id <> subrosa_actor() AND ended_at IS NULL AND {ADMIN}"),
    policy(DEPARTURE, "ended", on="UPDATE", using=f"person_id <> subrosa_actor() AND ended_at IS NULL AND {ADMIN}",
        check="ended_by_id IS NULL OR ended_by_id = subrosa_actor()"),
    # An offer that stays open was ended by nobody, and by nobody else.
    sql("ALTER POLICY kept ON transfers_transfer WITH CHECK ((outcome = '' AND ended_by_id IS NULL) OR (outcome = 'withdrawn' AND ended_by_id = subrosa_actor()))"),
    sql(LEFT, "DROP FUNCTION transfers_left(uuid)"),
]  # fmt: skip

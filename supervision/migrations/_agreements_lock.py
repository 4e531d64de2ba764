"""The second lock on supervision: its words are for those who meet; admins see agreements, and that meetings took place (SU-5, SU-9)."""

from __future__ import annotations

from importlib import import_module

from audit.lock import OWNER, WEB, WORKER, freeze, grant, guard, own_name, policy, sql

lock = import_module("clients.migrations.0002_lock")
A, M, P, R, S = (f"supervision_{name}" for name in ("agreement", "meeting", "part", "remark", "signature"))
PAPER, SAMPLE, SAMPLED, KEYS = "supervision_paper", "supervision_sample", "supervision_sampled", "vault_datakey"
GRANTS, RELATION = "clients_clientpermission", "practice_supervision"
ADMIN, HERE = lock.role("admin"), lock.role("counselor", "supervisor")
PARTIES = "(supervisor_id = subrosa_actor() OR supervisee_id = subrosa_actor())"
PARTY = f"{HERE} AND {PARTIES}"


def of_agreement(table: str, more: str = "") -> str:
    """SQL: the actor is one of the two of the row's agreement."""
    return f"{HERE} AND EXISTS (SELECT 1 FROM {A} a WHERE a.id = {table}.agreement_id AND (a.supervisor_id = subrosa_actor() OR a.supervisee_id = subrosa_actor()){more})"


def of_meeting(table: str) -> str:
    """SQL: the actor supervised the row's meeting, or wrote it."""
    return f"EXISTS (SELECT 1 FROM {M} m WHERE m.id = {table}.meeting_id AND (m.supervisor_id = subrosa_actor() OR m.written_by_id = subrosa_actor()))"


def of_part(table: str) -> str:
    """SQL: the actor supervised the meeting of the row's part, or it is their part."""
    return f"""{HERE} AND EXISTS (SELECT 1 FROM {P} p JOIN {M} m ON m.id = p.meeting_id WHERE p.id = {table}.part_id
        AND (p.supervisee_id = subrosa_actor() OR m.supervisor_id = subrosa_actor()))"""


ATTENDS = lock.function("subrosa_attends", "meeting uuid", f"""EXISTS (SELECT 1 FROM {P} p WHERE p.meeting_id = meeting
    AND p.supervisee_id = subrosa_actor())""")  # fmt: skip
KEY = lock.function("subrosa_meets", "place uuid, whose uuid", f"""EXISTS (SELECT 1 FROM {A} a WHERE a.id = place
        AND (a.supervisor_id = subrosa_actor() OR a.supervisee_id = subrosa_actor()))
    OR EXISTS (SELECT 1 FROM {M} m WHERE m.id = place AND (m.supervisor_id = subrosa_actor()
        OR ((m.written_by_id = subrosa_actor() OR subrosa_attends(m.id)) AND coalesce(whose, subrosa_actor()) = subrosa_actor())))
    OR NOT EXISTS (SELECT 1 FROM {A} a WHERE a.id = place UNION ALL SELECT 1 FROM {M} m WHERE m.id = place)""")  # fmt: skip
KEYHOLE = f"compartment = 'supervision' AND {HERE} AND subrosa_meets(vault_datakey.owner, holder)"

# With the first signature a text is final. Of an agreement, what began by it and how it ended may still be written, each once.
KEEP = f"""
CREATE FUNCTION supervision_keep_signed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE signed boolean; later text[] := ARRAY['supervision_id', 'ended_as', 'ended_at', 'ended_by_id'];
BEGIN
    IF TG_OP = 'UPDATE' AND session_user = '{OWNER}' THEN
        IF subrosa_is_reseal(to_jsonb(OLD), to_jsonb(NEW)) THEN RETURN NEW; END IF;
    END IF;
    IF TG_TABLE_NAME = '{A}' THEN
        signed := EXISTS (SELECT 1 FROM {S} s WHERE s.agreement_id = OLD.id AND s.part_id IS NULL AND s.paper_id IS NULL);
        IF signed AND TG_OP = 'UPDATE' AND OLD.ended_at IS NULL AND to_jsonb(OLD) - later = to_jsonb(NEW) - later THEN RETURN NEW; END IF;
    ELSIF TG_TABLE_NAME = '{M}' THEN
        signed := EXISTS (SELECT 1 FROM {S} s JOIN {P} p ON p.id = s.part_id WHERE p.meeting_id = OLD.id);
    ELSIF TG_TABLE_NAME = '{P}' THEN
        signed := EXISTS (SELECT 1 FROM {S} s JOIN {P} p ON p.id = s.part_id WHERE p.meeting_id = OLD.meeting_id);
    ELSE
        signed := EXISTS (SELECT 1 FROM {S} s WHERE s.paper_id = OLD.id);
    END IF;
    IF signed OR TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'What was signed is never changed or deleted.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
""" + "".join(
    f"CREATE TRIGGER signed_is_final BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION supervision_keep_signed();\n"
    for table in (A, M, P, PAPER)
)
DROP_KEEP = "".join(f"DROP TRIGGER signed_is_final ON {table}; " for table in (A, M, P, PAPER)) + "DROP FUNCTION supervision_keep_signed()"

# The job that begins an agreement on its day acts for the supervisee, whose cases it opens, and opens them to nobody else.
OWN = lock.granted("content_object_id", "'counsel'")
AGREED = f"""EXISTS (SELECT 1 FROM {A} a WHERE a.supervisee_id = subrosa_actor() AND a.supervisor_id = {GRANTS}.user_id
    AND a.ended_at IS NULL AND current_date BETWEEN a.since - 1 AND a.until + 1
    AND 2 = (SELECT count(*) FROM {S} s WHERE s.agreement_id = a.id AND s.part_id IS NULL AND s.paper_id IS NULL))"""
JOB = f"subrosa_is(permission_id, 'supervise') AND {OWN}"

# Hours with clients, of sessions with a signed note: months and minutes, of one's own, of one's supervisees, and for admins. No client.
CONTACT = f"""
CREATE FUNCTION supervision_contact(whose uuid, first date, last date) RETURNS jsonb LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF (whose = subrosa_actor() OR subrosa_role('admin') OR EXISTS (SELECT 1 FROM {A} a
        WHERE a.supervisee_id = whose AND a.supervisor_id = subrosa_actor() AND subrosa_role('supervisor', 'counselor'))) IS NOT TRUE
    THEN RETURN '{{}}'; END IF;
    RETURN coalesce((SELECT jsonb_object_agg(month || ' ' || setting, minutes) FROM (
        SELECT to_char(s.starts_at AT TIME ZONE z.timezone, 'YYYY-MM') AS month, s.setting,
            sum(round(extract(epoch FROM s.ends_at - s.starts_at) / 60)) AS minutes
        FROM records_session s, practice_practice z
        WHERE s.counselor_id = whose AND s.within_id IS NULL AND s.outcome IN ('planned', 'attended')
            AND (s.starts_at AT TIME ZONE z.timezone)::date BETWEEN first AND last
            AND EXISTS (SELECT 1 FROM records_note n WHERE n.session_id = s.id AND n.author_id = whose AND n.signed_at IS NOT NULL
                AND n.kind <> 'psychotherapy')
        GROUP BY 1, 2) found), '{{}}');
END $$;
REVOKE ALL ON FUNCTION supervision_contact(uuid, date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION supervision_contact(uuid, date, date) TO {WEB};
"""
# Drafts are hidden from everybody but their author: the supervisor of now is told how many there are, and since when.
DRAFTS = f"""
CREATE FUNCTION supervision_drafts(whose uuid) RETURNS jsonb LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM {RELATION} p WHERE p.supervisee_id = whose AND p.supervisor_id = subrosa_actor()
        AND p.since <= clock_timestamp() AND (p.until IS NULL OR p.until > clock_timestamp())) THEN RETURN '{{}}'; END IF;
    RETURN (SELECT jsonb_build_object('count', count(*), 'since', min(n.created_at)) FROM records_note n
        WHERE n.author_id = whose AND n.signed_at IS NULL AND n.kind <> 'psychotherapy');
END $$;
REVOKE ALL ON FUNCTION supervision_drafts(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION supervision_drafts(uuid) TO {WEB};
"""

LOCKS = [
    sql(ATTENDS, "DROP FUNCTION subrosa_attends(uuid)"),
    sql(KEY, "DROP FUNCTION subrosa_meets(uuid, uuid)"),
    sql(KEEP, DROP_KEEP),
    sql(CONTACT, "DROP FUNCTION supervision_contact(uuid, date, date)"),
    sql(DRAFTS, "DROP FUNCTION supervision_drafts(uuid)"),
    # Agreements: the two, and admins. Whoever is the actor signs as themself.
    grant(A, web="SELECT, INSERT, UPDATE (version, board, formats, since, until, licence_number, licence_state, licence_from, licence_until,"
        " self_employed, cover, fees, terms, supervision_id, ended_as, ended_by_id, ended_at)",
        worker="SELECT, UPDATE (supervision_id, ended_as, ended_by_id, ended_at)"),
    guard(A),
    policy(A, "seen", on="SELECT", using=f"({PARTY}) OR {ADMIN}"),
    policy(A, "prepared", on="INSERT", check=f"prepared_by_id = subrosa_actor() AND (({PARTY}) OR {ADMIN})"),
    policy(A, "kept", on="UPDATE", using=f"({PARTY}) OR {ADMIN}"),
    policy(A, "job_sees", on="SELECT", using="supervisee_id = subrosa_actor()", to=WORKER),
    policy(A, "job_begins", on="UPDATE", using="supervisee_id = subrosa_actor()", to=WORKER),
    own_name(A, "ended_by_id"),
    grant(S, web="SELECT, INSERT", worker="SELECT"),
    guard(S),
    freeze(S),
    policy(S, "seen", on="SELECT", using=f"({of_agreement(S)}) OR {ADMIN}"),
    policy(S, "signed", on="INSERT", check=f"person_id = subrosa_actor() AND {of_agreement(S)}"),
    policy(S, "job_sees", on="SELECT", using=f"EXISTS (SELECT 1 FROM {A} a WHERE a.id = {S}.agreement_id AND a.supervisee_id = subrosa_actor())", to=WORKER),
    # Meetings: those who met; admins see that it was.
    grant(M, web="SELECT, INSERT, UPDATE (version, starts_at, ends_at, kind, medium, topics, saved_at)"),
    guard(M),
    policy(M, "seen", on="SELECT", using=f"({HERE} AND (supervisor_id = subrosa_actor() OR written_by_id = subrosa_actor() OR subrosa_attends(id))) OR {ADMIN}"),
    policy(M, "written", on="INSERT", check=f"""{HERE} AND written_by_id = subrosa_actor() AND (supervisor_id = subrosa_actor() OR EXISTS (SELECT 1
        FROM {A} a WHERE a.supervisor_id = {M}.supervisor_id AND a.supervisee_id = subrosa_actor()))"""),
    policy(M, "kept", on="UPDATE", using=f"{HERE} AND (supervisor_id = subrosa_actor() OR written_by_id = subrosa_actor())"),
    policy(M, "locked", on="UPDATE", using=f"{HERE} AND subrosa_attends(id)", check="false"),  # to sign it: a door locks its row
    grant(P, web="SELECT, INSERT, UPDATE (version, cases, directives, follow_up, concerns)"),
    guard(P),
    policy(P, "seen", on="SELECT", using=f"({HERE} AND (supervisee_id = subrosa_actor() OR {of_meeting(P)})) OR {ADMIN}"),
    policy(P, "written", on="INSERT", check=f"{of_meeting(P)} AND {of_agreement(P, f' AND a.supervisee_id = {P}.supervisee_id')}"),
    policy(P, "kept", on="UPDATE", using=f"{HERE} AND {of_meeting(P)}"),
    grant(R, web="SELECT, INSERT"),
    guard(R),
    freeze(R),
    policy(R, "seen", on="SELECT", using=of_part(R)),
    policy(R, "added", on="INSERT", check=f"author_id = subrosa_actor() AND {of_part(R)}"),
    # Papers and samples: the two.
    grant(PAPER, web="SELECT, INSERT, UPDATE (version, begins, ends, content)"),
    guard(PAPER),
    policy(PAPER, "seen", on="SELECT", using=of_agreement(PAPER)),
    policy(PAPER, "written", on="INSERT", check=f"written_by_id = subrosa_actor() AND {of_agreement(PAPER)}"),
    policy(PAPER, "kept", on="UPDATE", using=of_agreement(PAPER)),
    grant(SAMPLE, web="SELECT, INSERT"),
    guard(SAMPLE),
    freeze(SAMPLE),
    policy(SAMPLE, "seen", on="SELECT", using=of_agreement(SAMPLE)),
    policy(SAMPLE, "drawn", on="INSERT", check=f"drawn_by_id = subrosa_actor() AND {of_agreement(SAMPLE, ' AND a.supervisor_id = subrosa_actor()')}"),
    grant(SAMPLED, web="SELECT, INSERT, UPDATE (version, remark, seen_at, seen_by_id)"),
    guard(SAMPLED),
    freeze(SAMPLED, when="OLD.seen_at IS NOT NULL", name="seen_is_final"),
    policy(SAMPLED, "seen", on="SELECT", using=of_agreement(SAMPLED)),
    policy(SAMPLED, "drawn", on="INSERT", check=of_agreement(SAMPLED, " AND a.supervisor_id = subrosa_actor()")),
    policy(SAMPLED, "looked_at", on="UPDATE", using=of_agreement(SAMPLED, " AND a.supervisor_id = subrosa_actor()")),
    own_name(SAMPLED, "seen_by_id"),
    # Keys: one for each agreement, one for each meeting, one for each supervisee in it.
    policy(KEYS, "supervision", on="SELECT", using=KEYHOLE),
    policy(KEYS, "supervision_made", on="INSERT", check=KEYHOLE),
    # The job on an agreement's day.
    sql(f"GRANT INSERT, UPDATE ON {RELATION} TO {WORKER}; GRANT USAGE ON {RELATION}_id_seq TO {WORKER}",
        f"REVOKE INSERT, UPDATE ON {RELATION} FROM {WORKER}; REVOKE USAGE ON {RELATION}_id_seq FROM {WORKER}"),
    sql(f"GRANT INSERT, UPDATE (since, until, granted_by_id, reason, withheld, record_from) ON {GRANTS} TO {WORKER}",
        f"REVOKE INSERT, UPDATE (since, granted_by_id, reason, withheld, record_from) ON {GRANTS} FROM {WORKER}"),
    policy(GRANTS, "job_supervises", on="INSERT", check=f"{JOB} AND {AGREED}", to=WORKER),
    policy(GRANTS, "job_follows", on="UPDATE", using=JOB, check=f"until <= clock_timestamp() OR ({AGREED})", to=WORKER),
]  # fmt: skip

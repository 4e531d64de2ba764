"""The second lock on plans, activations and the limited list: two persons, a wait, and a grant for each client on it (RET-26)."""

from __future__ import annotations

from importlib import import_module

from audit.lock import WEB, WORKER, freeze, grant, guard, own_name, policy, sql

lock = import_module("clients.migrations.0002_lock")
PLAN, ACCEPTANCE, ACTIVATION, CASE, REHEARSAL = (f"executor_{name}" for name in ("plan", "acceptance", "activation", "case", "rehearsal"))
GRANTS, KEYS, ADMIN = "clients_clientpermission", "vault_datakey", lock.role("admin")
EXECUTE = "'execute'"
NAMED = "subrosa_actor() IN (custodian_id, deputy_id)"
ACTS = "(SELECT subrosa_executor_acts())"  # asked once a statement: hardly anybody is one


def listed(client: str) -> str:
    """SQL: the actor is a professional executor now, and this client is on their list."""
    return f"{ACTS} AND {lock.granted(client, EXECUTE)}"


def may(client: str, what: str) -> str:
    """SQL: and the plan opens ``what`` of this client to them."""
    return f"{ACTS} AND subrosa_executor_may({client}, '{what}')"


# --- what is asked. Each looks into tables that look back.

LIVE = "a.executor_id = subrosa_actor() AND a.released_at IS NOT NULL AND a.ended_at IS NULL AND a.until > now()"
OF_PLAN = lock.function("subrosa_executor_named", "which uuid", f"""EXISTS (SELECT 1 FROM {PLAN} p WHERE p.id = which
    AND p.signed_at IS NOT NULL AND subrosa_actor() IN (p.custodian_id, p.deputy_id))""")  # fmt: skip
SEES_PLAN = lock.function("subrosa_executor_sees", "which uuid", f"""EXISTS (SELECT 1 FROM {PLAN} p WHERE p.id = which AND (p.person_id = subrosa_actor()
    OR (p.signed_at IS NOT NULL AND (subrosa_actor() IN (p.custodian_id, p.deputy_id) OR subrosa_role('admin')))))""")  # fmt: skip
SAYS_YES = lock.function("subrosa_executor_says", "which uuid, part text", f"""EXISTS (SELECT 1 FROM {PLAN} p WHERE p.id = which
    AND p.signed_at IS NOT NULL AND p.replaced_at IS NULL AND subrosa_actor() = coalesce(CASE part WHEN 'custodian' THEN p.custodian_id
    WHEN 'deputy' THEN p.deputy_id END, p.person_id))""")  # fmt: skip
IN_FORCE = lock.function("subrosa_executor_asks", "which uuid, whose uuid, acts uuid", f"""EXISTS (SELECT 1 FROM {PLAN} p WHERE p.id = which
    AND p.person_id = whose AND p.in_force_at IS NOT NULL AND p.replaced_at IS NULL AND acts IN (p.custodian_id, p.deputy_id)
    AND (subrosa_actor() IN (p.custodian_id, p.deputy_id) OR subrosa_role('admin')))""")  # fmt: skip
ACTING = f"""
CREATE FUNCTION subrosa_executor_acts() RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN RETURN EXISTS (SELECT 1 FROM {ACTIVATION} a WHERE {LIVE}); END $$;
REVOKE ALL ON FUNCTION subrosa_executor_acts() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION subrosa_executor_acts() TO {WEB}, {WORKER};
"""
MAY = lock.function("subrosa_executor_may", "client uuid, what text", f"""subrosa_granted(client, {EXECUTE}) AND EXISTS (SELECT 1 FROM {CASE} c
    JOIN {ACTIVATION} a ON a.id = c.activation_id JOIN {PLAN} p ON p.id = a.plan_id
    WHERE c.client_id = client AND {LIVE} AND what = ANY(p.opens))""")  # fmt: skip
UNTIL = lock.function("subrosa_executor_opens", "client uuid, til timestamptz", f"""subrosa_executor_may(client, 'record') AND EXISTS (SELECT 1 FROM {CASE} c
    JOIN {ACTIVATION} a ON a.id = c.activation_id WHERE c.client_id = client AND {LIVE} AND a.until = til)""")  # fmt: skip
# Whoever takes a client in asks it of the counselor they choose, and sees no plan of theirs.
PLANNED = lock.function("executor_planned", "whose uuid", f"""EXISTS (SELECT 1 FROM {PLAN} p WHERE p.person_id = whose
    AND p.in_force_at IS NOT NULL AND p.replaced_at IS NULL)""")  # fmt: skip
HEAD = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$"
CASELOAD = f"""{GRANTS} g JOIN clients_client c ON c.id = g.content_object_id
    WHERE g.user_id = {{whose}} AND subrosa_is(g.permission_id, 'counsel') AND c.status NOT IN ('archived', 'destroyed')"""
# The list is made when the executor first opens it: a line and a grant for each client. Whoever denied them is left out.
MAKE = f"""
CREATE FUNCTION executor_open(which uuid) RETURNS uuid[] {HEAD}
DECLARE a {ACTIVATION}; found uuid[];
BEGIN
    SELECT * INTO a FROM {ACTIVATION} x WHERE x.id = which AND x.executor_id = subrosa_actor() AND x.ended_at IS NULL
        AND x.opens_at <= clock_timestamp() AND x.until > clock_timestamp() FOR UPDATE;
    IF a.id IS NULL THEN RAISE EXCEPTION 'No list is open to you.' USING ERRCODE = 'insufficient_privilege'; END IF;
    found := ARRAY(SELECT DISTINCT c.id FROM {CASELOAD.format(whose="a.person_id")} AND (g.until IS NULL OR g.until > a.asked_at)
        AND NOT subrosa_denied(c.id) AND NOT EXISTS (SELECT 1 FROM {CASE} k WHERE k.activation_id = which AND k.client_id = c.id));
    INSERT INTO {CASE} (id, version, activation_id, client_id, told, onward, wish)
        SELECT gen_random_uuid(), 1, which, each, '', '', '' FROM unnest(found) each;
    INSERT INTO {GRANTS} (id, permission_id, user_id, content_object_id, since, until, granted_by_id, reason, withheld)
        SELECT gen_random_uuid(), p.id, a.executor_id, each, a.opens_at, a.until, a.released_by_id, 'executor', '{{}}'
        FROM unnest(found) each, auth_permission p WHERE p.codename = {EXECUTE}
        ON CONFLICT (user_id, permission_id, content_object_id)
        DO UPDATE SET since = excluded.since, until = excluded.until, granted_by_id = excluded.granted_by_id;
    RETURN found;
END $$;
REVOKE ALL ON FUNCTION executor_open(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION executor_open(uuid) TO {WEB};
"""
# However it is ended, every grant by it ends in the same transaction.
CLOSE = f"""
CREATE FUNCTION executor_close() RETURNS trigger {HEAD}
BEGIN
    UPDATE {GRANTS} g SET until = greatest(g.since, clock_timestamp()) WHERE g.user_id = NEW.executor_id AND g.until > clock_timestamp()
        AND g.reason = 'executor' AND g.content_object_id IN (SELECT k.client_id FROM {CASE} k WHERE k.activation_id = NEW.id)
        AND NOT EXISTS (SELECT 1 FROM {CASE} o JOIN {ACTIVATION} a ON a.id = o.activation_id WHERE o.client_id = g.content_object_id
            AND a.id <> NEW.id AND a.executor_id = NEW.executor_id AND a.ended_at IS NULL AND a.until > clock_timestamp());
    UPDATE {CASE} SET closed_at = NEW.ended_at WHERE activation_id = NEW.id AND closed_at IS NULL;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION executor_close() FROM PUBLIC;
CREATE TRIGGER closes AFTER UPDATE OF ended_at ON {ACTIVATION} FOR EACH ROW
    WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION executor_close();
"""
# Numbers for a rehearsal: nobody's name, nobody's address. A way counts where the client allowed it and did not end it;
# a couple is reached by each of the two.
COUNTS = f"""
CREATE FUNCTION executor_counts(which uuid) RETURNS jsonb LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE whose uuid := (SELECT p.person_id FROM {PLAN} p WHERE p.id = which); acts uuid[];
BEGIN
    IF NOT subrosa_executor_sees(which) THEN RETURN '{{}}'; END IF;
    acts := (SELECT ARRAY[p.custodian_id, p.deputy_id] FROM {PLAN} p WHERE p.id = which);
    RETURN (WITH load AS (SELECT DISTINCT c.id, c.kind FROM {CASELOAD.format(whose="whose")} AND (g.until IS NULL OR g.until > now()))
        SELECT jsonb_build_object('clients', count(*),
            'unreachable', count(*) FILTER (WHERE l.kind NOT IN ('couple', 'family', 'group') AND NOT EXISTS (SELECT 1 FROM clients_safeway w WHERE w.client_id = l.id AND w.representative_id IS NULL
                AND w.valid_to IS NULL AND NOT w.never AND cardinality(w.purposes) > 0 AND w.channel NOT IN ('portal', 'video', 'in_person'))),
            'denied', count(*) FILTER (WHERE EXISTS (SELECT 1 FROM clients_denial d WHERE d.client_id = l.id AND d.user_id = ANY(acts))))
        FROM load l);
END $$;
REVOKE ALL ON FUNCTION executor_counts(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION executor_counts(uuid) TO {WEB};
"""
# Signed words are final; what comes after is only that it is in force, confirmed and replaced.
LATER = "- 'version' - 'in_force_at' - 'confirmed_at' - 'replaced_at'"
SIGNED = f"""CREATE TRIGGER signed_is_final BEFORE UPDATE ON {PLAN} FOR EACH ROW
    WHEN (OLD.signed_at IS NOT NULL AND (OLD.replaced_at IS NOT NULL OR to_jsonb(OLD) {LATER} IS DISTINCT FROM to_jsonb(NEW) {LATER}))
    EXECUTE FUNCTION subrosa_refuse_change()"""
KEPT = """version, custodian_id, custodian_name, custodian_licence, custodian_contact, deputy_id, deputy_name, deputy_licence, deputy_contact,
    opens, places, backups, callback, transfer, to_clients, to_colleagues, to_board, to_newspaper, signed_at, in_force_at, confirmed_at"""
UNSEALED = "id, version, person_id, custodian_id, deputy_id, opens, begun_at, signed_at, in_force_at, confirmed_at, replaced_at"
# In force once both said yes, and from then on instead of what was signed before: whoever says the last yes need not see that one.
FORCE = f"""
CREATE FUNCTION executor_force() RETURNS trigger {HEAD}
BEGIN
    IF (SELECT count(DISTINCT c.part) FROM {ACCEPTANCE} c WHERE c.plan_id = NEW.id) < 2 THEN
        RAISE EXCEPTION 'Both custodian and deputy say yes first.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE {PLAN} SET replaced_at = NEW.in_force_at
        WHERE person_id = NEW.person_id AND id <> NEW.id AND signed_at <= NEW.signed_at AND replaced_at IS NULL;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION executor_force() FROM PUBLIC;
CREATE TRIGGER in_force_once_accepted BEFORE UPDATE ON {PLAN} FOR EACH ROW
    WHEN (OLD.in_force_at IS NULL AND NEW.in_force_at IS NOT NULL) EXECUTE FUNCTION executor_force();
"""
RELEASED = f"""CREATE TRIGGER released_is_final BEFORE UPDATE ON {ACTIVATION} FOR EACH ROW WHEN (OLD.released_at IS NOT NULL
    AND (OLD.released_at, OLD.released_by_id, OLD.opens_at, OLD.until) IS DISTINCT FROM (NEW.released_at, NEW.released_by_id, NEW.opens_at, NEW.until))
    EXECUTE FUNCTION subrosa_refuse_change()"""

SEES_ACTIVATION = f"subrosa_actor() IN (person_id, executor_id, asked_by_id) OR {ADMIN} OR subrosa_executor_named(plan_id)"
ENDS = f"subrosa_actor() IN (person_id, executor_id, asked_by_id) OR {ADMIN}"
BY_PLAN = "user_id = subrosa_actor() AND subrosa_is(permission_id, 'cover') AND reason = 'executor'"
TAKEN = f"{BY_PLAN} AND {ACTS} AND subrosa_executor_opens(content_object_id, until)"

LOCKS = [
    *[sql(made, f"DROP FUNCTION {name}") for name, made in (
        *((f"subrosa_executor_{name}", made) for name, made in (("named(uuid)", OF_PLAN), ("sees(uuid)", SEES_PLAN), ("says(uuid, text)", SAYS_YES),
            ("asks(uuid, uuid, uuid)", IN_FORCE), ("acts()", ACTING), ("may(uuid, text)", MAY), ("opens(uuid, timestamptz)", UNTIL))),
        ("executor_open(uuid)", MAKE), ("executor_counts(uuid)", COUNTS), ("executor_planned(uuid)", PLANNED))],
    sql(CLOSE, f"DROP TRIGGER closes ON {ACTIVATION}; DROP FUNCTION executor_close()"),
    # Plans.
    grant(PLAN, web=f"SELECT, INSERT, UPDATE ({KEPT})", worker=f"SELECT ({UNSEALED})"),
    guard(PLAN),
    sql(SIGNED, f"DROP TRIGGER signed_is_final ON {PLAN}"),
    sql(FORCE, f"DROP TRIGGER in_force_once_accepted ON {PLAN}; DROP FUNCTION executor_force()"),
    policy(PLAN, "seen", on="SELECT", using=f"person_id = subrosa_actor() OR (signed_at IS NOT NULL AND ({NAMED} OR {ADMIN}))"),
    policy(PLAN, "begun", on="INSERT", check="person_id = subrosa_actor() AND signed_at IS NULL"),
    policy(PLAN, "written", on="UPDATE", using="person_id = subrosa_actor()"),
    policy(PLAN, "accepted", on="UPDATE", using=f"signed_at IS NOT NULL AND ({NAMED} OR {ADMIN})", check=f"signed_at IS NOT NULL AND {NAMED}"),
    policy(PLAN, "job_sees", on="SELECT", using=f"person_id = subrosa_actor() OR (signed_at IS NOT NULL AND ({NAMED} OR {ADMIN}))", to=WORKER),
    grant(ACCEPTANCE, web="SELECT, INSERT", worker="SELECT (id, plan_id, part, at)"),
    guard(ACCEPTANCE),
    freeze(ACCEPTANCE),
    policy(ACCEPTANCE, "seen", on="SELECT", using="subrosa_executor_sees(plan_id)"),
    policy(ACCEPTANCE, "job_sees", on="SELECT", using="subrosa_executor_sees(plan_id)", to=WORKER),
    policy(ACCEPTANCE, "said", on="INSERT", check="by_id = subrosa_actor() AND subrosa_executor_says(plan_id, part)"),
    grant(REHEARSAL, web="SELECT, INSERT"),
    guard(REHEARSAL),
    freeze(REHEARSAL),
    policy(REHEARSAL, "seen", on="SELECT", using="subrosa_executor_sees(plan_id)"),
    policy(REHEARSAL, "made", on="INSERT", check="by_id = subrosa_actor() AND subrosa_executor_sees(plan_id)"),
    # Activations: two persons, whom it is about neither of them (the constraints say so, too).
    grant(ACTIVATION, web="SELECT, INSERT, UPDATE (version, evidence, why_ended, released_by_id, released_at, opens_at, until, ended_by_id, ended_at)"),
    guard(ACTIVATION),
    freeze(ACTIVATION, when="OLD.ended_at IS NOT NULL", name="ended_is_final"),
    sql(RELEASED, f"DROP TRIGGER released_is_final ON {ACTIVATION}"),
    own_name(ACTIVATION, "released_by_id", "ended_by_id"),
    policy(ACTIVATION, "seen", on="SELECT", using=SEES_ACTIVATION),
    policy(ACTIVATION, "asked", on="INSERT",
        check="asked_by_id = subrosa_actor() AND released_at IS NULL AND ended_at IS NULL AND subrosa_executor_asks(plan_id, person_id, executor_id)"),
    policy(ACTIVATION, "released", on="UPDATE",
        using=f"released_at IS NULL AND ended_at IS NULL AND subrosa_actor() NOT IN (person_id, executor_id, asked_by_id) AND ({ADMIN} OR subrosa_executor_named(plan_id))",
        check="released_by_id = subrosa_actor() AND ended_at IS NULL"),
    policy(ACTIVATION, "ended", on="UPDATE", using=f"ended_at IS NULL AND ({ENDS})", check="ended_by_id = subrosa_actor()"),
    # The limited list.
    grant(CASE, web="SELECT, UPDATE (version, told, told_at, told_by_id, onward, wish, words)"),
    guard(CASE),
    freeze(CASE, when="OLD.closed_at IS NOT NULL", name="closed_is_final"),
    own_name(CASE, "told_by_id"),
    policy(CASE, "seen", on="SELECT", using=f"({listed('client_id')}) OR ({ADMIN} AND {lock.not_denied('client_id')})"),
    policy(CASE, "told", on="UPDATE", using=f"closed_at IS NULL AND {listed('client_id')}", check=listed("client_id")),
    policy("clients_client", "executor", on="SELECT", using=listed("clients_client.id")),
    *[policy(f"clients_{table}", "executor", on="SELECT", using=may("client_id", "contact"))
        for table in ("contactpoint", "safeway", "safetyprofile", "replacedaddress")],
    policy("records_session", "executor", on="SELECT",
        using=f"outcome = 'planned' AND starts_at > now() AND {may('client_id', 'sessions')}"),
    policy("messaging_outgoing", "executor", on="SELECT", using=f"by_id = subrosa_actor() AND kind = 'executor' AND {listed('client_id')}"),
    policy("messaging_outgoing", "executor_asks", on="INSERT",
        check=f"by_id = subrosa_actor() AND kind = 'executor' AND {may('client_id', 'contact')}"),
    policy(KEYS, "executor", on="SELECT", using=f"compartment IN ('contact', 'executor') AND holder IS NULL AND {listed('vault_datakey.owner')}"),
    policy(KEYS, "executor_made", on="INSERT", check=f"compartment = 'executor' AND holder IS NULL AND {listed('vault_datakey.owner')}"),
    policy(GRANTS, "by_plan", on="INSERT", check=TAKEN),
    policy(GRANTS, "by_plan_again", on="UPDATE", using="user_id = subrosa_actor() AND subrosa_is(permission_id, 'cover')", check=TAKEN),
]  # fmt: skip

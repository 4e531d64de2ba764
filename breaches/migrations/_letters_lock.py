"""The second lock on letters, proof, drafts and the closing, as migration 0004 puts it on.

The worker alone opens the address of somebody who is to be told, and only while it prepares their letter.
"""

from __future__ import annotations

from importlib import import_module

from django.db import migrations

from audit.lock import WORKER, freeze, grant, guard, policy, sql

lock = import_module("clients.migrations.0002_lock")
WORDING, BATCH, TOLD, LETTER = "breaches_wording", "breaches_batch", "breaches_told", "breaches_clientletter"
DRAFT, CLOSING, FOLLOW_UP, DISCLOSURE, KEYS = (
    "breaches_draft",
    "breaches_closing",
    "breaches_followup",
    "disclosures_disclosure",
    "vault_datakey",
)
SEEN, WORKS = "subrosa_incident_kept(incident_id)", "subrosa_incident_works(incident_id)"
NOT_DENIED = lock.not_denied("client_id")
SUSPECTED = (
    "EXISTS (SELECT 1 FROM breaches_suspect s WHERE s.incident_id = incident AND s.user_id = subrosa_actor() AND s.cleared_at IS NULL)"
)
TELLS = "EXISTS (SELECT 1 FROM breaches_told t WHERE t.client_id = client AND subrosa_incident_works(t.incident_id))"
NOW = "EXISTS (SELECT 1 FROM breaches_incident i WHERE i.id = incident AND i.state = 'notifying')"
FUNCTIONS = (
    lock.function("subrosa_incident_suspects", "incident uuid", SUSPECTED)
    + lock.function("subrosa_incident_tells", "client uuid", TELLS)
    + lock.function("subrosa_incident_notifies", "incident uuid", NOW)
)
DROP = """DROP FUNCTION subrosa_incident_notifies(uuid); DROP FUNCTION subrosa_incident_tells(uuid);
DROP FUNCTION subrosa_incident_suspects(uuid)"""
OVER = """
CREATE FUNCTION subrosa_refuse_when_over() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE of uuid := CASE WHEN TG_OP = 'INSERT' THEN NEW.incident_id ELSE OLD.incident_id END;
BEGIN
    IF EXISTS (SELECT 1 FROM breaches_incident i WHERE i.id = of AND i.state IN ('closed', 'near_miss')) THEN
        RAISE EXCEPTION 'what belongs to an incident that is over never changes' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
REVOKE ALL ON FUNCTION subrosa_refuse_when_over() FROM PUBLIC
"""
KEPT_AS_IT_WAS = (WORDING, BATCH, TOLD, DRAFT, CLOSING, "breaches_entry", "breaches_knowledge", "breaches_suspect", "breaches_finding")
JOB = "subrosa_incident_notifies(incident_id)"  # the worker has something to do while people are being told
TEAM = f"{lock.granted('client_id')} AND sent_at IS NOT NULL AND NOT subrosa_incident_suspects(incident_id)"
OWN = lock.granted("client_id", "'portal_self', 'portal_represent'") + " AND sent_at IS NOT NULL"
ACCOUNTING = f"""compartment = 'disclosure' AND holder IS NULL
    AND ({lock.granted("vault_datakey.owner")} OR subrosa_incident_tells(vault_datakey.owner))"""


def over(table: str) -> migrations.RunSQL:
    """A trigger: rows of ``table`` that belong to an incident which is over are neither added nor changed."""
    made = f"CREATE TRIGGER over BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION subrosa_refuse_when_over()"
    return sql(made, f"DROP TRIGGER over ON {table}")


def waiting(client: str) -> str:
    """SQL: the worker prepares the letter to ``client``."""
    return f"EXISTS (SELECT 1 FROM breaches_told t WHERE t.client_id = {client} AND t.state = 'waiting')"


LOCKS = [
    sql(FUNCTIONS, DROP),
    sql(OVER, "DROP FUNCTION subrosa_refuse_when_over()"),
    grant(WORDING, web="SELECT, INSERT, UPDATE (version, happened, kinds, protect, doing, contact, approved_by_id, approved_at)", worker="SELECT"),
    guard(WORDING),
    freeze(WORDING, when="OLD.approved_at IS NOT NULL", name="approved_is_final"),
    policy(WORDING, "kept", on="SELECT", using=SEEN),
    policy(WORDING, "drawn", on="INSERT", check=f"drawn_by_id = subrosa_actor() AND approved_at IS NULL AND {WORKS}"),
    policy(WORDING, "worked_on", on="UPDATE", using=WORKS, check="approved_by_id IS NULL OR approved_by_id = subrosa_actor()"),
    policy(WORDING, "job", on="SELECT", using=JOB, to=WORKER),
    grant(BATCH, web="SELECT, UPDATE (posted_at, posted_by_id)", worker="SELECT, INSERT"),
    guard(BATCH),
    freeze(BATCH, when="OLD.posted_at IS NOT NULL", name="posted_is_final"),
    policy(BATCH, "kept", on="SELECT", using=SEEN),
    policy(BATCH, "posted", on="UPDATE", using=WORKS, check="posted_by_id = subrosa_actor()"),
    policy(BATCH, "job_sees", on="SELECT", using=JOB, to=WORKER),
    policy(BATCH, "job_makes", on="INSERT", check=f"posted_at IS NULL AND {JOB}", to=WORKER),
    grant(
        TOLD,
        web="SELECT, INSERT, UPDATE (version, state, way, name, address, mail, proof, wording_id, batch_id, notice_id, sent_at, sent_by_id, returned_at)",
        worker="SELECT, UPDATE (version, state, way, may_portal, name, address, mail, proof, batch_id, prepared_at, sent_at)",
    ),
    guard(TOLD),
    policy(TOLD, "kept", on="SELECT", using=f"{SEEN} AND {NOT_DENIED}"),
    policy(TOLD, "planned", on="INSERT", check=f"state = 'waiting' AND {WORKS} AND {NOT_DENIED}"),
    policy(TOLD, "worked_on", on="UPDATE", using=f"{WORKS} AND {NOT_DENIED}", check="sent_by_id IS NULL OR sent_by_id = subrosa_actor() OR state <> 'sent'"),
    policy(TOLD, "job_sees", on="SELECT", using=JOB, to=WORKER),
    policy(TOLD, "job_prepares", on="UPDATE", using=JOB, check="state IN ('waiting', 'ready', 'unreachable', 'sending', 'sent')", to=WORKER),
    grant(LETTER, web="SELECT, UPDATE (sent_at, offered_at, offered_by_id)", worker="SELECT, INSERT, UPDATE (sent_at)"),
    guard(LETTER),
    freeze(LETTER, when="OLD.offered_at IS NOT NULL", name="offered_is_final"),
    policy(LETTER, "own", on="SELECT", using=OWN),
    policy(LETTER, "team", on="SELECT", using=TEAM),
    policy(LETTER, "offered", on="UPDATE", using=TEAM, check="offered_by_id = subrosa_actor()"),
    policy(LETTER, "kept", on="SELECT", using=f"{WORKS} AND {NOT_DENIED}"),
    policy(LETTER, "sent", on="UPDATE", using=f"{WORKS} AND {NOT_DENIED}", check="offered_at IS NULL"),
    policy(LETTER, "job_sees", on="SELECT", using=JOB, to=WORKER),
    policy(LETTER, "job_makes", on="INSERT", check=f"sent_at IS NULL AND {waiting('client_id')}", to=WORKER),
    policy(LETTER, "job_sends", on="UPDATE", using="offered_at IS NULL AND EXISTS (SELECT 1 FROM breaches_told t WHERE t.id = told_id)", to=WORKER),
    grant(DRAFT, web="SELECT, INSERT, UPDATE (version, text, proof, sent_on, sent_by_id, until)"),
    guard(DRAFT),
    freeze(DRAFT, when="OLD.sent_on IS NOT NULL", name="sent_is_final"),
    policy(DRAFT, "kept", on="SELECT", using=SEEN),
    policy(DRAFT, "drawn", on="INSERT", check=f"drawn_by_id = subrosa_actor() AND {WORKS}"),
    policy(DRAFT, "worked_on", on="UPDATE", using=WORKS, check="sent_by_id IS NULL OR sent_by_id = subrosa_actor()"),
    grant(CLOSING, web="SELECT, INSERT"),
    guard(CLOSING),
    freeze(CLOSING),
    policy(CLOSING, "kept", on="SELECT", using=SEEN),
    policy(CLOSING, "closed", on="INSERT", check=f"closed_by_id = subrosa_actor() AND {WORKS}"),
    grant(FOLLOW_UP, web="SELECT, INSERT, UPDATE (done_at, done_by_id)"),
    guard(FOLLOW_UP),
    freeze(FOLLOW_UP, when="OLD.done_at IS NOT NULL", name="done_is_final"),
    policy(FOLLOW_UP, "kept", on="SELECT", using=SEEN),
    policy(FOLLOW_UP, "made", on="INSERT", check=f"done_at IS NULL AND {WORKS}"),
    policy(FOLLOW_UP, "done", on="UPDATE", using=SEEN, check="done_by_id = subrosa_actor()"),
    *(over(table) for table in KEPT_AS_IT_WAS),
    policy(DISCLOSURE, "of_a_breach", on="INSERT",
        check="made_by_id = subrosa_actor() AND basis = 'impermissible' AND subrosa_incident_works(source_id)"),
    policy(KEYS, "accounting", on="SELECT", using=ACCOUNTING),
    policy(KEYS, "accounting_made", on="INSERT", check=ACCOUNTING),
    policy(KEYS, "job_letter", on="SELECT", to=WORKER, using=f"""holder IS NULL AND ((compartment = 'contact' AND {waiting("vault_datakey.owner")})
        OR (compartment = 'incident' AND subrosa_incident_notifies(vault_datakey.owner)))"""),
    sql(f"GRANT SELECT ON breaches_incident TO {WORKER}", f"REVOKE ALL ON breaches_incident FROM {WORKER}"),
    policy("breaches_incident", "job", on="SELECT", using="state = 'notifying'", to=WORKER),
    policy("clients_client", "job_letter", on="SELECT", using=waiting("clients_client.id"), to=WORKER),
    policy("clients_contactpoint", "job_letter", on="SELECT", using=waiting("client_id"), to=WORKER),
    policy("clients_representative", "job_letter", on="SELECT", using=waiting("client_id"), to=WORKER),
    policy("clients_clientpermission", "job_letter", on="SELECT", using=waiting("content_object_id"), to=WORKER),
]  # fmt: skip

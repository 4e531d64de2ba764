"""The second lock on the accounting, as migration 0002 puts it on: the client reads their own entries, but those kept out of sight.

The trail says nothing in the portal of entries and suspensions: what may be known of them stands in the accounting itself.
"""

from __future__ import annotations

from importlib import import_module

from audit.lock import freeze, grant, guard, policy, sql

lock = import_module("clients.migrations.0002_lock")
OWN_RECORD = import_module("review.migrations.0001_initial").OWN
ROW, REQUEST, SUSPENSION, KEYS = "disclosures_disclosure", "disclosures_accountingrequest", "disclosures_suspension", "vault_datakey"
TEAM = lock.granted("client_id")
COUNSEL = lock.granted("client_id", "'counsel', 'cover'")
PORTAL = "'portal_self', 'portal_represent'"
SUSPENDED = lock.function(
    "subrosa_disclosure_suspended",
    "client uuid, recipient bytea, law text",
    f"""law IN ('oversight', 'law_enforcement') AND EXISTS (SELECT 1 FROM {SUSPENSION} s WHERE s.client_id = client
        AND s.whom = recipient AND s.ended_at IS NULL AND s.until >= current_date - 1)""",  # a day's grace for zones; the first lock is exact
)
OWN = f"""in_portal AND (accountable OR excluded = 'authorization') AND {lock.granted("client_id", PORTAL)}
    AND NOT subrosa_disclosure_suspended(client_id, whom, basis)"""
KEY_OWN = f"compartment = 'disclosure' AND holder IS NULL AND {lock.granted('vault_datakey.owner', PORTAL)}"
QUIETLY = f"({OWN_RECORD} AND what NOT LIKE 'disclosures.%' AND part NOT IN ('disclosure_new', 'suspension_new'))"
COLUMNS = "version, name, verified, reasons, pdf, due_on, extended_on, fee, fee_told_on, withdrawn_at, given_at, given_by_id"

LOCKS = [
    grant(SUSPENSION, web="SELECT, INSERT, UPDATE (ended_at, ended_by_id)"),
    guard(SUSPENSION),
    freeze(SUSPENSION, when="OLD.ended_at IS NOT NULL", name="ended_is_final"),
    policy(SUSPENSION, "team", on="SELECT", using=TEAM),
    policy(SUSPENSION, "made", on="INSERT", check=f"recorded_by_id = subrosa_actor() AND ended_at IS NULL AND {COUNSEL}"),
    policy(SUSPENSION, "ended", on="UPDATE", using=COUNSEL, check="ended_by_id = subrosa_actor()"),
    grant(REQUEST, web=f"SELECT, INSERT, UPDATE ({COLUMNS})"),
    guard(REQUEST),
    freeze(REQUEST, when="OLD.given_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL", name="answered_is_final"),
    policy(REQUEST, "team", on="SELECT", using=TEAM),
    policy(REQUEST, "made", on="INSERT", check=f"recorded_by_id = subrosa_actor() AND given_at IS NULL AND {COUNSEL}"),
    policy(REQUEST, "answered", on="UPDATE", using=COUNSEL, check="given_by_id IS NULL OR given_by_id = subrosa_actor()"),
    sql(SUSPENDED, "DROP FUNCTION subrosa_disclosure_suspended(uuid, bytea, text)"),
    policy(ROW, "own", on="SELECT", using=OWN),
    policy(KEYS, "own_accounting", on="SELECT", using=KEY_OWN),
    sql("DROP POLICY own_record ON audit_event"),
    policy("audit_event", "own_record", on="SELECT", using=QUIETLY),
]

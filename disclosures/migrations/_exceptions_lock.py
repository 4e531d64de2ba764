"""The second lock on exceptions, as migration 0005 puts it on: the care team, and never the portal; who learned of it alone decides (REP-1, REP-6)."""

from __future__ import annotations

from importlib import import_module

from audit.lock import freeze, grant, guard, policy, sql

lock = import_module("clients.migrations.0002_lock")
former = import_module("disclosures.migrations._accounting_lock")
EVENT, CONSULT, REPORT = "disclosures_exceptionevent", "disclosures_consult", "disclosures_report"
TEAM = lock.granted("client_id")
COUNSEL = lock.granted("client_id", "'counsel', 'cover'")
COLUMNS = "version, facts, source, standard, rationale, decision, decided_at, told, not_told_why, discussion, follow_up, closed_at"
QUIETLY = f"""({former.OWN_RECORD} AND what NOT LIKE 'disclosures.%'
    AND part NOT IN ('disclosure_new', 'suspension_new', 'exception_list', 'exception_new'))"""

LOCKS = [
    grant(EVENT, web=f"SELECT, INSERT, UPDATE ({COLUMNS})"),
    guard(EVENT),
    freeze(EVENT, when="OLD.closed_at IS NOT NULL", name="closed_is_final"),
    policy(EVENT, "team", on="SELECT", using=TEAM),
    policy(EVENT, "opened", on="INSERT", check=f"opened_by_id = subrosa_actor() AND {COUNSEL}"),
    policy(EVENT, "decided", on="UPDATE", using=f"opened_by_id = subrosa_actor() AND {COUNSEL}"),
    grant(CONSULT, web="SELECT, INSERT, UPDATE (version, whom, question, advice, answered_at)"),
    guard(CONSULT),
    freeze(CONSULT, when="OLD.answered_at IS NOT NULL", name="answered_is_final"),
    policy(CONSULT, "team", on="SELECT", using=TEAM),
    policy(CONSULT, "asked", on="INSERT", check=f"asked_by_id = subrosa_actor() AND {COUNSEL}"),
    policy(CONSULT, "answered", on="UPDATE", using=f"asked_id = subrosa_actor() AND {TEAM}"),
    grant(REPORT, web="SELECT, INSERT"),
    guard(REPORT),
    freeze(REPORT),
    policy(REPORT, "team", on="SELECT", using=TEAM),
    policy(REPORT, "made", on="INSERT", check=f"made_by_id = subrosa_actor() AND {COUNSEL}"),
    sql("DROP POLICY own_record ON audit_event"),
    policy("audit_event", "own_record", on="SELECT", using=QUIETLY),
]

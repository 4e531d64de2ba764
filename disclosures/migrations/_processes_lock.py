"""The second lock on legal process, as migration 0007 puts it on: the care team, never the portal; what was served and what was done stays.

Which state follows which, that no letter but the neutral one is written before validation, and that a release on such a basis answers a
paper of the same client, stand here a second time (section 9, LP-1, LP-5).
"""

from __future__ import annotations

from importlib import import_module

from audit.lock import freeze, grant, guard, policy, sql

lock = import_module("clients.migrations.0002_lock")
accounting = import_module("disclosures.migrations._accounting_lock")
releases = import_module("disclosures.migrations._releases_lock")
PROCESS, STEP, REPLY, RELEASE = (f"disclosures_{name}" for name in ("legalprocess", "legalstep", "legalreply", "release"))
TEAM = lock.granted("client_id")
COUNSEL = lock.granted("client_id", "'counsel', 'cover'")
PAPER = "kind, judge, place, served_at, return_on"  # what is sealed is sealed anew with each save: the step of its validation holds that
COLUMNS = """version, issuer, number, judge, place, served_how, return_on, words, scope, state, granted, granted_at, valid_how, validated_on,
    domesticated_on, cleared, assurance, assured, notice_on, objection_days, objection_until, objection, protected_on, counsel, consulted_on,
    client_notified_at, prohibited, told, position, position_words, privilege_asserted_at, stands_on, ruling, part2_order_type,
    part2_mandate, part2_confidences, outcome, closed_at"""
RULED = ("privilege", "motion", "authorized", "ordered")
MOVES = {  # as disclosures.law.process had them when this was written; a test compares
    "served": ("logged", "closed"),
    "logged": ("validated", "closed"),
    "validated": ("notified", "closed"),
    "notified": (*RULED, "closed"),
    **{state: (*(other for other in RULED if other != state), "responded", "closed") for state in RULED},
    "responded": ("closed",),
}
_ALLOWED = ", ".join(f"('{now}', '{then}')" for now, later in MOVES.items() for then in later)


def _old_new(columns: str) -> str:
    old, new = (", ".join(f"{row}.{each.strip()}" for each in columns.split(",")) for row in ("OLD", "NEW"))
    return f"({old}) IS DISTINCT FROM ({new})"


MOVED = f"""CREATE TRIGGER moves_on BEFORE UPDATE ON {PROCESS} FOR EACH ROW
    WHEN (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN ({_ALLOWED})) EXECUTE FUNCTION subrosa_refuse_change()"""
SERVED = f"""CREATE TRIGGER paper_stands BEFORE UPDATE ON {PROCESS} FOR EACH ROW
    WHEN (OLD.validated_on IS NOT NULL AND {_old_new(PAPER)}) EXECUTE FUNCTION subrosa_refuse_change()"""


def _of(table: str, more: str = "true") -> str:
    """SQL: the case that the row is about may be seen, is of the same client, and ``more`` holds of it."""
    return f"EXISTS (SELECT 1 FROM {PROCESS} p WHERE p.id = {table}.process_id AND p.client_id = {table}.client_id AND ({more}))"


SUSPENDED = lock.function(
    "subrosa_disclosure_suspended",
    "client uuid, recipient bytea, law text",
    f"""law IN ('oversight', 'law_enforcement', 'warrant') AND EXISTS (SELECT 1 FROM {accounting.SUSPENSION} s WHERE s.client_id = client
        AND s.whom = recipient AND s.ended_at IS NULL AND s.until >= current_date - 1)""",
).replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
FORMER = accounting.SUSPENDED.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
QUIETLY = f"""({accounting.OWN_RECORD} AND what NOT LIKE 'disclosures.%' AND part NOT IN ('disclosure_new', 'suspension_new', 'exception_list',
    'exception_new', 'process_list', 'process_new', 'release_begin'))"""
EARLY = f"{REPLY}.kind = 'neutral' OR p.validated_on IS NOT NULL"  # LP-5
BEGUN = f"made_by_id = subrosa_actor() AND {COUNSEL}"
ANSWERS = f"""{BEGUN} AND (process_id IS NOT NULL OR basis NOT IN ('court_order', 'subpoena', 'warrant'))
    AND (process_id IS NULL OR {_of(RELEASE)})"""

LOCKS = [
    grant(PROCESS, web=f"SELECT, INSERT, UPDATE ({COLUMNS})"),
    guard(PROCESS),
    freeze(PROCESS, when="OLD.closed_at IS NOT NULL", name="closed_is_final"),
    sql(MOVED, f"DROP TRIGGER moves_on ON {PROCESS}"),
    sql(SERVED, f"DROP TRIGGER paper_stands ON {PROCESS}"),
    policy(PROCESS, "team", on="SELECT", using=TEAM),
    policy(PROCESS, "served", on="INSERT", check=f"recorded_by_id = subrosa_actor() AND state = 'served' AND {COUNSEL}"),
    policy(PROCESS, "worked_on", on="UPDATE", using=COUNSEL),
    grant(STEP, web="SELECT, INSERT"),
    guard(STEP),
    freeze(STEP),
    policy(STEP, "team", on="SELECT", using=TEAM),
    policy(STEP, "made", on="INSERT", check=f"made_by_id = subrosa_actor() AND {COUNSEL} AND {_of(STEP)}"),
    grant(REPLY, web="SELECT, INSERT"),
    guard(REPLY),
    freeze(REPLY),
    policy(REPLY, "team", on="SELECT", using=TEAM),
    policy(REPLY, "made", on="INSERT", check=f"made_by_id = subrosa_actor() AND {COUNSEL} AND {_of(REPLY, EARLY)}"),
    sql(f"DROP POLICY begun ON {RELEASE}", f"CREATE POLICY begun ON {RELEASE} FOR INSERT TO subrosa_web WITH CHECK ({BEGUN})"),
    policy(RELEASE, "begun", on="INSERT", check=ANSWERS),
    sql(SUSPENDED, FORMER),
    sql("DROP POLICY own_record ON audit_event"),
    policy("audit_event", "own_record", on="SELECT", using=QUIETLY),
]  # fmt: skip

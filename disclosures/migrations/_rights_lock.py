"""The second lock on what clients ask, as its migration puts it on: complaints are the admins', an answer and what is closed never change."""

from __future__ import annotations

from importlib import import_module

from audit.lock import freeze, grant, guard, policy, sql

lock = import_module("clients.migrations.0002_lock")
ROW, REPLY, REVIEW, KEYS = "disclosures_rightsrequest", "disclosures_rightsreply", "disclosures_rightsreview", "vault_datakey"
PORTAL = "'portal_self', 'portal_represent'"
NOT_DENIED, KEY_NOT_DENIED = lock.not_denied("client_id"), lock.not_denied("vault_datakey.owner")
ADMINS = f"(kind = 'complaint' AND {lock.role('admin')} AND {NOT_DENIED})"
SEEN = f"(kind <> 'complaint' AND {lock.granted('client_id')}) OR {ADMINS}"
HANDS = f"""(kind <> 'complaint' AND {lock.granted("client_id", "'counsel', 'cover'")}) OR {ADMINS}"""
OWN = f"""{lock.granted("client_id", PORTAL)}
    AND (asker_id = subrosa_actor() OR (whom = 'client' AND {lock.granted("client_id", "'portal_self'")}))"""
MADE = f"""recorded_by_id = subrosa_actor() AND decision = '' AND closed_at IS NULL AND (
    (asker_id IS NULL AND ({lock.granted("client_id", "'counsel', 'cover'")} OR ({lock.role("desk")} AND {NOT_DENIED})))
    OR (asker_id = subrosa_actor() AND {lock.granted("client_id", PORTAL)}))"""
KEY = f"""compartment IN ('rights', 'complaint') AND holder IS NULL AND ({lock.granted("vault_datakey.owner", lock.ANY)}
    OR ({lock.role("desk")} AND {KEY_NOT_DENIED}) OR (compartment = 'complaint' AND {lock.role("admin")} AND {KEY_NOT_DENIED}))"""
COLUMNS = (
    "version, name, verified, words, due_on, extended_on, reasons, decision, ground, answer, why, fee, decided_on, decided_by_id, done"
)
ANSWERED = f"""CREATE TRIGGER answer_stands BEFORE UPDATE ON {ROW} FOR EACH ROW WHEN (OLD.decision <> '' AND
    (OLD.decision, OLD.ground, OLD.fee, OLD.decided_on, OLD.decided_by_id)
    IS DISTINCT FROM (NEW.decision, NEW.ground, NEW.fee, NEW.decided_on, NEW.decided_by_id)) EXECUTE FUNCTION subrosa_refuse_change()"""


def _parent(table: str) -> str:
    """SQL: the request that the row is about may be seen, and is of the same client."""
    return f"EXISTS (SELECT 1 FROM {ROW} r WHERE r.id = {table}.request_id AND r.client_id = {table}.client_id)"


BY_STAFF = f"""(subrosa_granted(client_id, {lock.CLINICAL}) OR ({lock.role("admin")} AND {NOT_DENIED}))"""

LOCKS = [
    grant(ROW, web=f"SELECT, INSERT, UPDATE ({COLUMNS}, closed_at)"),
    guard(ROW),
    freeze(ROW, when="OLD.closed_at IS NOT NULL", name="closed_is_final"),
    sql(ANSWERED, f"DROP TRIGGER answer_stands ON {ROW}"),
    policy(ROW, "seen", on="SELECT", using=SEEN),
    policy(ROW, "own", on="SELECT", using=OWN),
    policy(ROW, "made", on="INSERT", check=MADE),
    policy(ROW, "answered", on="UPDATE", using=f"{SEEN} OR ({OWN})", check=HANDS),  # whoever sees it may wait for its lock, to add a reply
    grant(REPLY, web="SELECT, INSERT"),
    guard(REPLY),
    freeze(REPLY),
    policy(REPLY, "seen", on="SELECT", using=_parent(REPLY)),
    policy(REPLY, "made", on="INSERT", check=f"recorded_by_id = subrosa_actor() AND {_parent(REPLY)}"),
    grant(REVIEW, web="SELECT, INSERT"),
    guard(REVIEW),
    freeze(REVIEW),
    policy(REVIEW, "seen", on="SELECT", using=_parent(REVIEW)),
    policy(REVIEW, "made", on="INSERT", check=f"recorded_by_id = subrosa_actor() AND {BY_STAFF} AND {_parent(REVIEW)}"),
    policy(KEYS, "rights", on="SELECT", using=KEY),
    policy(KEYS, "rights_made", on="INSERT", check=KEY),
]

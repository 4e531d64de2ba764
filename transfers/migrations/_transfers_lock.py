"""The second lock on transfers: nothing opens before the receiver said yes, and the grant that they take says the same as the offer."""

from __future__ import annotations

from importlib import import_module

from audit.lock import freeze, grant, guard, policy, sql

lock = import_module("clients.migrations.0002_lock")
TRANSFER, GRANTS, KEYS = "transfers_transfer", "clients_clientpermission", "vault_datakey"
ADMIN, COUNSELOR, FREE = lock.role("admin"), lock.role("counselor"), lock.not_denied("client_id")
COUNSEL = "'counsel'"
TEAM, KEEPS = lock.granted("client_id"), f"({ADMIN} OR {lock.granted('client_id', COUNSEL)})"
MINE = f"to_id = subrosa_actor() AND {COUNSELOR} AND {FREE}"
OPEN = "outcome = ''"
# Whom a client is offered to has no key of theirs but this compartment's, and that only while they may answer.
OFFERED = lock.function("subrosa_offered", "client uuid", f"""EXISTS (SELECT 1 FROM {TRANSFER} t WHERE t.client_id = client
    AND t.to_id = subrosa_actor() AND t.outcome = '')""")  # fmt: skip
KEY = f"compartment = 'transfer' AND holder IS NULL AND {lock.not_denied('vault_datakey.owner')}"
SELF = f"user_id = subrosa_actor() AND subrosa_is(permission_id, 'counsel') AND {lock.not_denied(f'{GRANTS}.content_object_id')}"
BEHIND = f"""EXISTS (SELECT 1 FROM {TRANSFER} t WHERE t.client_id = {GRANTS}.content_object_id AND t.to_id = subrosa_actor()
    AND t.outcome = 'accepted'"""
ACCEPTED = f"{SELF} AND until IS NULL AND {BEHIND} AND t.ended_at = {GRANTS}.since AND t.withheld = {GRANTS}.withheld)"

LOCKS = [
    grant(TRANSFER, web="SELECT, INSERT, UPDATE (version, reason, told, told_on, told_how, told_words, outcome, answer, ended_by_id, ended_at)"),
    guard(TRANSFER),
    freeze(TRANSFER, when="OLD.outcome <> ''", name="ended_is_final"),
    policy(TRANSFER, "seen", on="SELECT", using=f"{FREE} AND ({ADMIN} OR to_id = subrosa_actor() OR {TEAM})"),
    policy(TRANSFER, "offered", on="INSERT", check=f"asked_by_id = subrosa_actor() AND {OPEN} AND {FREE} AND {KEEPS}"),
    policy(TRANSFER, "answered", on="UPDATE", using=f"{MINE} AND {OPEN}",
        check=f"{MINE} AND ended_by_id = subrosa_actor() AND outcome IN ('accepted', 'declined')"),
    policy(TRANSFER, "kept", on="UPDATE", using=f"{OPEN} AND {FREE} AND {KEEPS} AND to_id <> subrosa_actor()",
        check=f"{OPEN} OR (outcome = 'withdrawn' AND ended_by_id = subrosa_actor())"),
    sql(OFFERED, "DROP FUNCTION subrosa_offered(uuid)"),
    policy(KEYS, "transfer", on="SELECT",
        using=f"{KEY} AND ({lock.granted('vault_datakey.owner')} OR {ADMIN} OR subrosa_offered(vault_datakey.owner))"),
    policy(KEYS, "transfer_made", on="INSERT", check=f"{KEY} AND {ADMIN}"),
    policy(GRANTS, "taken_over", on="INSERT", check=ACCEPTED),
    # Once only: what was ended after it was accepted does not come back by it (with the trigger begins_anew).
    policy(GRANTS, "taken_over_again", on="UPDATE", using=f"{SELF} AND {BEHIND} AND t.ended_at >= {GRANTS}.until)", check=ACCEPTED),
]  # fmt: skip

"""The second lock on moving out: nobody approves their own, only the worker makes a bundle, and it reads no more than is being packed."""

from __future__ import annotations

from importlib import import_module

from audit.lock import WORKER, freeze, grant, guard, own_name, policy, sql

lock = import_module("clients.migrations.0002_lock")
MOVE, PART, PIECE, KEYS = "moving_moveout", "moving_moveoutpart", "moving_moveoutpiece", "vault_datakey"
ADMIN, FREE = lock.role("admin"), lock.not_denied("client_id")
COUNSELS = lock.granted("client_id", "'counsel'")
MINE = "asked_by_id = subrosa_actor()"
ASKS = f"(client_id IS NULL AND {ADMIN}) OR (client_id IS NOT NULL AND {FREE} AND ({ADMIN} OR {COUNSELS}))"
SEEN = f"({ADMIN} OR (client_id IS NOT NULL AND {COUNSELS})) AND (client_id IS NULL OR {FREE})"
# What the worker may read while it packs: these clients and no others. Of the practice it packs all.
PACKED = lock.function("subrosa_packed", "client uuid", f"""EXISTS (SELECT 1 FROM {MOVE} o WHERE o.outcome = 'approved' AND o.made_at IS NULL
    AND o.gone_at IS NULL AND (o.client_id IS NULL OR o.client_id = client))""")  # fmt: skip
# Whose psychotherapy notes go along: their own author's, who asked for exactly that.
PRIVATE = lock.function("subrosa_packed_apart", "client uuid, author uuid", f"""EXISTS (SELECT 1 FROM {MOVE} o WHERE o.outcome = 'approved'
    AND o.made_at IS NULL AND o.gone_at IS NULL AND o.private AND o.client_id = client AND o.asked_by_id = author)""")  # fmt: skip
# Who fetches: the one who asked, until it ends.
TAKEN = lock.function("subrosa_takes", "client uuid", f"""EXISTS (SELECT 1 FROM {MOVE} o JOIN {PART} p ON p.out_id = o.id
    WHERE p.client_id = client AND o.asked_by_id = subrosa_actor() AND o.outcome = 'approved' AND o.made_at IS NOT NULL
    AND o.gone_at IS NULL AND o.until > now()) AND NOT subrosa_denied(client)""")  # fmt: skip
OPEN_ONE = f"EXISTS (SELECT 1 FROM {MOVE} o WHERE o.id = out_id)"  # its own policy decides
OF_ONE = f"EXISTS (SELECT 1 FROM {PART} p WHERE p.id = part_id)"
WORK = "outcome IN ('approved', 'stopped')"
FETCHED = f"""EXISTS (SELECT 1 FROM {PART} p JOIN {MOVE} o ON o.id = p.out_id WHERE p.id = part_id AND o.asked_by_id = subrosa_actor()
    AND o.outcome = 'approved' AND o.made_at IS NOT NULL AND o.gone_at IS NULL AND o.until > now()
    AND (p.client_id IS NULL OR NOT subrosa_denied(p.client_id)))"""

# Tables of which the worker reads what is packed, by the column that says whose a row is.
BY_CLIENT = {
    "clients_client": "id", "clients_member": "unit_id", "clients_denial": "client_id", "clients_clientpermission": "content_object_id",
    "clients_contactpoint": "client_id", "clients_representative": "client_id", "clients_unitagreement": "client_id",
    "records_session": "client_id", "records_document": "client_id",
    "consent_request": "client_id", "consent_signature": "client_id", "consent_paper": "client_id", "disclosures_disclosure": "client_id",
    "disclosures_suspension": "client_id",
}  # fmt: skip
BY_PARENT = {
    "records_addendum": ("records_note", "note_id"), "records_cosignrequest": ("records_note", "note_id"),
    "records_cosignature": ("records_note", "note_id"), "records_documentpiece": ("records_document", "document_id"),
}  # fmt: skip
NOTE = "signed_at IS NOT NULL AND (kind <> 'psychotherapy' AND subrosa_packed(client_id) OR kind = 'psychotherapy' AND subrosa_packed_apart(client_id, author_id))"
OPENS = "compartment IN ('contact', 'record', 'consent', 'disclosure', 'bundle') AND holder IS NULL AND subrosa_packed(vault_datakey.owner)"
APART = "compartment = 'psychotherapy' AND subrosa_packed_apart(vault_datakey.owner, holder)"


def reads(table, using):
    """The worker reads those rows of ``table``."""
    yield sql(f"GRANT SELECT ON {table} TO {WORKER}")
    yield policy(table, "job_packs", on="SELECT", using=using, to=WORKER)


LOCKS = [
    grant(MOVE, web="SELECT, INSERT, UPDATE (version, reason, outcome, decided_by_id, decided_at, taken)",
        worker="SELECT, UPDATE (version, outcome, total, made_at, until, gone_at)"),
    grant(PART, web="SELECT", worker="SELECT, INSERT, UPDATE (version, state, reader_id, made_at)"),
    grant(PIECE, web="SELECT", worker="SELECT, INSERT, DELETE"),
    guard(MOVE), guard(PART), guard(PIECE),
    sql(PACKED, "DROP FUNCTION subrosa_packed(uuid)"),
    sql(PRIVATE, "DROP FUNCTION subrosa_packed_apart(uuid, uuid)"),
    sql(TAKEN, "DROP FUNCTION subrosa_takes(uuid)"),
    freeze(MOVE, when="OLD.gone_at IS NOT NULL", name="gone_is_final"),
    freeze(PART, when="OLD.state <> 'waiting'", name="made_is_final"),
    own_name(MOVE, "decided_by_id"),
    policy(MOVE, "seen", on="SELECT", using=SEEN),
    policy(MOVE, "asked", on="INSERT", check=f"{MINE} AND outcome = '' AND made_at IS NULL AND ({ASKS})"),
    policy(MOVE, "decided", on="UPDATE", using=f"outcome = '' AND NOT {MINE} AND {SEEN}",
        check="outcome IN ('approved', 'declined', 'stopped') AND decided_by_id = subrosa_actor()"),
    policy(MOVE, "stopped", on="UPDATE", using=f"outcome IN ('', 'approved') AND gone_at IS NULL AND {SEEN}",
        check="outcome = 'stopped' AND decided_by_id = subrosa_actor()"),
    policy(MOVE, "taken", on="UPDATE", using=f"outcome = 'approved' AND made_at IS NOT NULL AND {MINE} AND {SEEN}", check=f"outcome = 'approved' AND {MINE} AND {SEEN}"),
    policy(MOVE, "job", using=WORK, check=WORK, to=WORKER),
    policy(PART, "seen", on="SELECT", using=f"{OPEN_ONE} AND (client_id IS NULL OR {FREE})"),
    policy(PART, "job", using=OPEN_ONE, check=OPEN_ONE, to=WORKER),
    policy(PIECE, "fetched", on="SELECT", using=FETCHED),
    policy(PIECE, "job", using=OF_ONE, check=OF_ONE, to=WORKER),
    policy(KEYS, "bundle", on="SELECT", using="compartment = 'bundle' AND holder IS NULL AND subrosa_takes(vault_datakey.owner)"),
    policy(KEYS, "job_packs", on="SELECT", using=f"({OPENS}) OR ({APART})", to=WORKER),
    policy(KEYS, "job_packs_anew", on="INSERT", check="compartment = 'bundle' AND holder IS NULL AND subrosa_packed(vault_datakey.owner)", to=WORKER),
    *[step for table, column in BY_CLIENT.items() for step in reads(table, f"subrosa_packed({table}.{column})")],
    *reads("clients_merge", "subrosa_packed(kept_id) OR subrosa_packed(duplicate_id)"),
    *reads("records_note", NOTE),
    *[step for table, (parent, column) in BY_PARENT.items()
        for step in reads(table, f"EXISTS (SELECT 1 FROM {parent} parent WHERE parent.id = {table}.{column})")],
]  # fmt: skip

"""The second lock on threads: each person their own, the care team theirs, the front desk the office's; what was sent never changes."""

from __future__ import annotations

from importlib import import_module

from audit.lock import WEB, WORKER, freeze, grant, guard, own_name, policy, sql

lock = import_module("clients.migrations.0002_lock")
THREAD, MESSAGE, DRAFT, KEYS, AWAY = "messaging_thread", "messaging_message", "messaging_draft", "vault_datakey", "messaging_away"
ATTACHMENT, PIECE, FILED = "messaging_attachment", "messaging_attachmentpiece", "messaging_filed"
COUNSEL, PORTAL = "'counsel', 'cover'", "'portal_self', 'portal_represent'"
LIVE = "(g.until IS NULL OR g.until > now())"
GRANTS = "clients_clientpermission g JOIN auth_permission p ON p.id = g.permission_id"

# Whether the other side may still be written to: the sender does not see the grants and denials of everybody.
STANDS = f"""EXISTS (SELECT 1 FROM {GRANTS} WHERE g.content_object_id = client AND g.user_id = person AND p.codename = code AND {LIVE})
    AND NOT EXISTS (SELECT 1 FROM clients_denial d WHERE d.client_id = client AND d.user_id = person)"""


def definer(name: str, arguments: str, types: str, returns: str, body: str) -> str:
    """SQL: a function of the running roles that sees what the actor does not."""
    return f"""
CREATE FUNCTION {name}({arguments}) RETURNS {returns} LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN {body} END $$;
REVOKE ALL ON FUNCTION {name}({types}) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {name}({types}) TO {WEB}, {WORKER};
"""


def seen(row: str) -> str:
    """SQL: who reads the thread ``row``."""
    own = f"({row}.person_id = subrosa_actor() AND subrosa_granted({row}.client_id, {row}.capacity::text))"
    return f"({lock.granted(f'{row}.client_id')} OR {own} OR {desk(row)})"


def desk(row: str) -> str:
    """SQL: the front desk, of an office thread."""
    return f"({row}.kind = 'office' AND {lock.role('desk')} AND {lock.not_denied(f'{row}.client_id')})"


def answers(row: str) -> str:
    """SQL: who answers in the thread ``row``."""
    return f"({lock.granted(f'{row}.client_id', COUNSEL)} OR {desk(row)})"


def of_thread(foreign: str, *more: str) -> str:
    """SQL: the thread is visible to the actor (its own policy decides), and what else must hold of it as ``t``."""
    return f"EXISTS (SELECT 1 FROM {THREAD} t WHERE {' AND '.join([f't.id = {foreign}', *more])})"


# When the person last had the thread before them, by the trail, for those who may read the thread: the desk reads no trail.
READ_AT = f"""RETURN (SELECT max(e.at) FROM {THREAD} t JOIN audit_event e ON e.client_id = t.client_id AND e.actor_id = t.person_id
    WHERE t.id = thread AND e.what_id = t.id AND e.act = 'read' AND e.at >= t.begun_at AND {seen("t")});"""
# Clients of somebody who is away, of whom a message waits, and whom the one who covers may not open.
UNCOVERED = f"""FROM {AWAY} a JOIN {THREAD} t ON t.waiting_since IS NOT NULL WHERE a.id = away
    AND EXISTS (SELECT 1 FROM {GRANTS} WHERE g.content_object_id = t.client_id AND g.user_id = a.person_id AND p.codename = 'counsel' AND {LIVE})
    AND NOT EXISTS (SELECT 1 FROM {GRANTS} WHERE g.content_object_id = t.client_id AND g.user_id = a.cover_id
        AND p.codename IN ({COUNSEL}) AND {LIVE})"""
FUNCTIONS = (
    definer("subrosa_stands", "client uuid, person uuid, code text", "uuid, uuid, text", "boolean", f"RETURN {STANDS};")
    + definer("messaging_read_at", "thread uuid", "uuid", "timestamptz", READ_AT)
    + definer("messaging_uncovered", "away uuid", "uuid", "bigint",
        f"RETURN (SELECT count(DISTINCT t.client_id) {UNCOVERED} AND (a.cover_id = subrosa_actor() OR subrosa_role('admin')));")
    + definer("messaging_uncovered_clients", "away uuid", "uuid", "uuid[]",
        f"RETURN (SELECT array_agg(DISTINCT t.client_id) {UNCOVERED} AND subrosa_role('admin'));")
)  # fmt: skip
DROP = """DROP FUNCTION messaging_uncovered_clients(uuid); DROP FUNCTION messaging_uncovered(uuid); DROP FUNCTION messaging_read_at(uuid);
DROP FUNCTION subrosa_stands(uuid, uuid, text)"""

SENDS = of_thread(
    f"{MESSAGE}.thread_id", f"t.client_id = {MESSAGE}.client_id", "subrosa_stands(t.client_id, t.person_id, t.capacity::text)",
    "EXISTS (SELECT 1 FROM clients_client c WHERE c.id = t.client_id AND c.status <> 'archived')",
    f"CASE WHEN {MESSAGE}.by_staff THEN {answers('t')} ELSE t.person_id = subrosa_actor() END",
)  # fmt: skip
EARLIER = f"NOT (SELECT subrosa_narrowed()) OR NOT subrosa_shut({MESSAGE}.client_id, 'notes', {MESSAGE}.sent_at)"
MINE = f"{DRAFT}.author_id = subrosa_actor() AND {of_thread(f'{DRAFT}.thread_id', f't.client_id = {DRAFT}.client_id')}"
JOINS = f"""EXISTS (SELECT 1 FROM {MESSAGE} m WHERE m.id = {ATTACHMENT}.message_id AND m.client_id = {ATTACHMENT}.client_id
    AND m.sender_id = subrosa_actor() AND {ATTACHMENT}.position < m.attached)"""
FILLS = f"""EXISTS (SELECT 1 FROM {ATTACHMENT} a JOIN {MESSAGE} m ON m.id = a.message_id WHERE a.id = {PIECE}.attachment_id
    AND m.sender_id = subrosa_actor() AND {PIECE}.position::bigint * 1048576 < a.room)"""
KEY = f"{KEYS}.compartment IN ('messages', 'office') AND {KEYS}.holder IS NOT NULL"
OWN_KEY = f"{KEYS}.holder = subrosa_actor() AND {lock.granted(f'{KEYS}.owner', PORTAL)}"
DESK_KEY = f"{KEYS}.compartment = 'office' AND {lock.role('desk')} AND {lock.not_denied(f'{KEYS}.owner')}"

# Restrictive: it takes away from what the client sees of the trail, whatever other rooms have taken away before or after.
# A representative's messages are not the client's.
STAFF = lock.role("counselor", "supervisor", "desk", "admin")
OTHERS = f"NOT {lock.role('client')} OR {STAFF} OR actor_id = subrosa_actor()"
QUIETER = f"CREATE POLICY messages ON audit_event AS RESTRICTIVE FOR SELECT TO {WEB} USING ({OTHERS} OR what <> 'messaging.represented')"

LOCKS = [
    sql(FUNCTIONS, DROP),
    sql(QUIETER, "DROP POLICY messages ON audit_event"),
    grant(THREAD, web="SELECT, INSERT, UPDATE (last_at, answered_at, waiting_since, told_at)"),
    guard(THREAD),
    policy(THREAD, "seen", on="SELECT", using=seen(THREAD)),
    policy(THREAD, "begun", on="INSERT", check=f"begun_by_id = subrosa_actor() AND (person_id = subrosa_actor() OR {answers(THREAD)})"
        f" AND subrosa_stands({THREAD}.client_id, {THREAD}.person_id, {THREAD}.capacity::text)"),
    policy(THREAD, "moved", on="UPDATE", using=seen(THREAD)),
    grant(MESSAGE, web="SELECT, INSERT"),
    guard(MESSAGE),
    freeze(MESSAGE, name="sent_is_final"),
    policy(MESSAGE, "of_the_thread", on="SELECT", using=of_thread(f"{MESSAGE}.thread_id")),
    sql(f"CREATE POLICY reaches ON {MESSAGE} AS RESTRICTIVE FOR SELECT TO {WEB} USING ({EARLIER})", f"DROP POLICY reaches ON {MESSAGE}"),
    policy(MESSAGE, "sent", on="INSERT", check=f"sender_id = subrosa_actor() AND {SENDS}"),
    grant(DRAFT, web="SELECT, INSERT, UPDATE (version, text, saved_at)"),
    guard(DRAFT),
    policy(DRAFT, "own", using=MINE, check=MINE),
    grant(ATTACHMENT, web="SELECT, INSERT"),
    guard(ATTACHMENT),
    freeze(ATTACHMENT, name="sent_is_final"),
    policy(ATTACHMENT, "of_the_message", on="SELECT", using=f"EXISTS (SELECT 1 FROM {MESSAGE} m WHERE m.id = {ATTACHMENT}.message_id)"),
    policy(ATTACHMENT, "joins", on="INSERT", check=JOINS),
    grant(PIECE, web="SELECT, INSERT"),
    guard(PIECE),
    freeze(PIECE, name="sent_is_final"),
    policy(PIECE, "of_the_attachment", on="SELECT", using=f"EXISTS (SELECT 1 FROM {ATTACHMENT} a WHERE a.id = {PIECE}.attachment_id)"),
    policy(PIECE, "fills", on="INSERT", check=FILLS),
    grant(FILED, web="SELECT, INSERT"),
    guard(FILED),
    freeze(FILED, name="filed_is_final"),
    policy(FILED, "seen", on="SELECT", using=lock.granted(f"{FILED}.client_id")),
    policy(FILED, "filed", on="INSERT", check=f"filed_by_id = subrosa_actor() AND {lock.granted(f'{FILED}.client_id', COUNSEL)}"
        f" AND EXISTS (SELECT 1 FROM {MESSAGE} m WHERE m.id = {FILED}.message_id AND m.client_id = {FILED}.client_id)"),
    grant(AWAY, web="SELECT, INSERT, UPDATE (ended_at)"),
    own_name(AWAY, "person_id", on="INSERT"),
    policy(KEYS, "messages", on="SELECT", using=f"{KEY} AND (({OWN_KEY}) OR {lock.granted(f'{KEYS}.owner')} OR ({DESK_KEY}))"),
    policy(KEYS, "messages_made", on="INSERT", check=f"{KEY} AND (({OWN_KEY}) OR {lock.granted(f'{KEYS}.owner', COUNSEL)} OR ({DESK_KEY}))"),
]  # fmt: skip

"""What the database answers about itself: whom it lets do what, what it keeps final, where it stands."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.db import connection

from audit import doors, keeping
from audit.trail import Actor
from clients.models import Client
from practice import health
from practice.models import User
from vault import blob

from . import Answer, Claim, active_if, counted


def _row(statement: str, *values: Any) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return tuple(cursor.fetchone())


def _own_accounts(user: Any) -> Answer:
    index = """SELECT count(*) FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        WHERE i.indrelid = 'practice_user'::regclass AND i.indisunique AND i.indisvalid AND i.indnkeyatts = 1 AND a.attname = 'username'"""
    people = counted(User.objects.staff().count(), "colleague")
    return active_if(_row(index)[0] > 0, f"{people}, each with an account of their own; a second account at an address is refused.")


def _sealed(user: Any) -> Answer:
    open_, all_ = _row("SELECT count(*) FILTER (WHERE get_byte(email, 0) <> %s), count(*) FROM practice_user", blob.VERSION)
    return active_if(
        not open_ and _seals(), f"{counted(all_ - open_, 'address', 'addresses')} of {all_} stored sealed; a changed seal was refused."
    )


def _seals() -> bool:
    """Whether what is sealed does not show what it says, opens again, and does not open once a bit of it was changed."""
    words, key = b"asked of the seal just now", {"data_key": bytes(range(32)), "label": "claims", "place": "claims"}
    made = blob.seal(words, key_id=uuid4(), **key)  # type: ignore[arg-type]  # bytes and texts
    try:
        blob.unseal(made[:-1] + bytes([made[-1] ^ 1]), **key)  # type: ignore[arg-type]  # as above
    except blob.SealBroken:
        return words not in made and blob.unseal(made, **key) == words  # type: ignore[arg-type]  # as above
    return False


def _apart(user: Any) -> Answer:
    server, ours = _row("SELECT host(inet_server_addr()), host(inet_client_addr())")
    if server is None or server == ours:
        return Answer("Off", "The database stands on the machine that holds the keys.")
    return Answer("Active", "The database stands on another machine than the one that holds the keys.")


def _trail(user: Any) -> Answer:
    rights = "SELECT bool_or(has_table_privilege('audit_event', kind)) FROM unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS kind"
    may, writes = _row(rights)[0], health.well("trail")
    said = (
        "This account of the database may change or delete lines." if may else "Lines can be added here, and neither changed nor deleted."
    )
    return active_if(not may and writes, said)


def _anchored(user: Any) -> Answer:
    found = keeping.standing()
    watch = found.watch
    said = found.trouble or f"Sealed up to number {watch.anchored:,}, with a copy outside the database."
    return active_if(found.well and watch.anchored > 0, said, watch.anchored_at)


def _verified(user: Any) -> Answer:
    watch = keeping.standing().watch
    said = (
        f"{counted(watch.verified_lines, 'line')} read again, {counted(watch.findings, 'finding')}." if watch.verified_at else "Never yet."
    )
    return active_if(bool(watch.verified_at) and not watch.findings, said, watch.verified_at)


def _link(user: Any) -> Answer:
    server, ours, sealed = _row(
        "SELECT host(inet_server_addr()), host(inet_client_addr()), (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid())"
    )
    if server is None or server == ours:
        return Answer("Active", "The connection does not leave this machine.")
    return active_if(bool(sealed), "The connection crosses a network " + ("encrypted." if sealed else "without encryption."))


# Tables of what belongs to a client, which the database must guard by row, for their owner, too.
_UNGUARDED = """SELECT count(*) FILTER (WHERE NOT (relrowsecurity AND relforcerowsecurity)), count(*) FROM pg_class c
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace AND (c.relname = 'clients_client'
        OR EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'client_id' AND NOT a.attisdropped))"""
_SPECIAL = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"


def _rows(user: Any) -> Answer:
    bare, tables = _row(_UNGUARDED)
    with doors.acting(Actor("system:claims")):
        seen = Client.objects.count()
    said = f"{counted(tables - bare, 'table')} of {tables} guarded by row; asked for clients with nobody acting, it showed {seen}."
    return active_if(not (bare or seen or _row(_SPECIAL)[0]), said)


_DELETABLE = """SELECT count(*) FILTER (WHERE has_table_privilege(oid, 'DELETE')), count(*) FROM pg_class
    WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace AND (relname ~ '^(review|breaches)_'
        OR relname IN ('consent_version', 'consent_signature', 'consent_paper', 'disclosures_disclosure'))"""


def _kept(user: Any) -> Answer:
    may, tables = _row(_DELETABLE)
    said = f"Of {counted(tables, 'table')} of policies, reviews, incidents and the accounting, {may} let a row be deleted."
    return active_if(tables > 0 and not may, said)


CLAIMS = (
    Claim("accounts", "SE-1", "One person, one account", "Whether the database takes two accounts at one address.", _own_accounts),
    Claim("sealed", "SE-4", "Encryption at rest, field by field", "Whether stored values are sealed, and a changed seal opens.", _sealed),
    Claim("apart", "SE-4", "Keys kept apart from the data", "On which machine the database stands.", _apart),
    Claim("trail", "SE-5", "A trail that is only added to", "What this account of the database may do with lines.", _trail),
    Claim("anchored", "SE-5", "The trail sealed and anchored outside", "How the last seal stands, and its copy.", _anchored),
    Claim("verified", "SE-6", "The trail verified", "What the last verification of the whole trail found.", _verified),
    Claim("link", "SE-8", "The way to the database", "Whether the connection leaves the machine, and how.", _link),
    Claim(
        "rows", "SE-10", "Rights by row, in the database itself", "Which tables are guarded, and what is seen with nobody acting.", _rows
    ),
    Claim("kept", "SE-20", "Documentation that is kept", "Whether rows of it can be deleted from here.", _kept),
)

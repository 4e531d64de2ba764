"""T41: evidence of consent, altered by whoever owns the database. MANY (default 1000) alterations drawn by SEED; each is taken back.

Altered are the rows of a signed consent: its words, who signs and as whom, the signature, its steps, its paper. One is accepted where the
evidence page would still say that everything agrees. Controls: nothing altered is accepted each time; a check that looks at the chain of
steps alone, as many do, accepts some.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from typing import Any

from django.db import connection, transaction

from audit import doors
from consent.evidence import broken_at, disagreements
from consent.models import Request, Signature
from tests.cast import acting
from tests.committed import House
from tests.consent.papers import asked, form_in_force, signed_by
from tests.superuser import as_superuser
from vault.blob import SealBroken

from .figures import figure

MANY = int(os.environ.get("MANY", "1000"))
SEED = int(os.environ.get("SEED", "20261122"))
HONEST = 50
# Which rows belong to the signed consent, by the key of its request, signature or client.
TABLES = {
    "consent_request": "id = %(request)s",
    "consent_signer": "request_id = %(request)s",
    "consent_signature": "request_id = %(request)s",
    "consent_step": "request_id = %(request)s",
    "consent_paper": "signature_id = %(signature)s",
}
# What a signed consent says, column by column; the rest is when it runs out, who was written to, and the like.
COLUMNS = {
    "consent_request": ["shown", "shown_hash", "wording_id"],
    "consent_signer": ["person_id", "representative_id", "capacity"],
    "consent_signature": [
        "user_id", "witnessed_by_id", "method", "name", "relationship", "drawing", "intent", "understanding", "address", "electronic_id",
        "shown_hash", "signed_at",
    ],
    "consent_step": ["number", "what", "user_id", "at", "facts", "previous", "hash", "signer_id"],
    "consent_paper": ["pdf", "signature_id"],
}  # fmt: skip
VALUES = {
    "bytea": [
        "set_byte({0}, {n} %% length({0}), (get_byte({0}, {n} %% length({0})) + 1 + {n} %% 254) %% 256)",
        "substr({0}, 2)",
        "''::bytea",
    ],
    "uuid": ["gen_random_uuid()"],
    "timestamp with time zone": ["{0} - interval '{n} seconds'", "{0} + interval '{n} microseconds'"],
    "integer": ["{0} + {n}"],
    "character varying": ["'x{n}'", "'signed'", "'declined'", "'guardian'", "'passkey'"],
}


def whole(request: Request) -> bool:
    """What the evidence page would say, of rows read anew."""
    try:
        found = Request.objects.get(pk=request.pk)
        return not disagreements(found) and chained(found)
    except (SealBroken, Request.DoesNotExist, Signature.DoesNotExist):
        return False


def chained(request: Request) -> bool:
    """The control: the chain of steps alone."""
    try:
        return not any(broken_at(request, signer) for signer in (None, *request.signers.all()))
    except SealBroken:
        return False


def kinds(cursor: Any) -> dict[tuple[str, str], str]:
    cursor.execute("SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_name = ANY(%s)", [list(TABLES)])
    return {(table, column): kind for table, column, kind in cursor.fetchall()}


def altered(cursor: Any, chance: random.Random, kind_of: dict[tuple[str, str], str], keys: dict[str, Any]) -> str:
    """One row is changed or taken out; its name, or nothing where the row already said that."""
    table = chance.choice(list(TABLES))
    cursor.execute(f"SELECT id, md5({table}::text) FROM {table} WHERE {TABLES[table]} ORDER BY md5(id::text)", keys)
    row, before = chance.choice(cursor.fetchall())
    if chance.random() < 0.1 and table != "consent_request":
        cursor.execute(f"DELETE FROM {table} WHERE id = %s", [row])
        return f"{table} row"
    column = chance.choice(COLUMNS[table])
    value = chance.choice(VALUES[kind_of[table, column]]).format(column, n=chance.randrange(1, 9999))
    cursor.execute(f"UPDATE {table} SET {column} = {value} WHERE id = %(row)s", {"row": row})
    cursor.execute(f"SELECT md5({table}::text) FROM {table} WHERE id = %s", [row])
    return "" if cursor.fetchone() == (before,) else f"{table}.{column}"


def test_no_altered_evidence_of_a_consent_is_accepted(house: House) -> None:
    with acting(house.ana):
        request = asked(house.cleo, house.ana, form_in_force())
    keys = {"request": str(request.pk), "signature": str(signed_by(house.portal_cleo, request).pk)}
    chance, done, accepted, chain_alone = random.Random(SEED), Counter[str](), Counter[str](), 0
    with as_superuser(), doors.system("proof"), connection.cursor() as cursor:
        kind_of = kinds(cursor)
        honest = sum(whole(request) for _ in range(HONEST))
        while done.total() < MANY:
            with transaction.atomic():
                if what := altered(cursor, chance, kind_of, keys):
                    done[what] += 1
                    accepted[what] += whole(request)
                    chain_alone += chained(request)
                transaction.set_rollback(True)
    print(f"\n  T41: {done.total()} alterations of {len(done)} kinds, {accepted.total()} accepted (3/N = {3 / MANY:.4f}), seed {SEED}")
    print(f"    controls: {honest} of {HONEST} unaltered accepted; by the chain of steps alone {chain_alone} alterations would be")
    figure("T41 altered evidence accepted", accepted.total(), f"{done.total():,} alterations", f"by the chain alone: {chain_alone}")
    assert {what for what, many in accepted.items() if many} == set()
    assert honest == HONEST
    assert chain_alone > 0

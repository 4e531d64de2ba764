"""Whom an incident concerns, asked of 10 million lines (LINES=10000000): one statement, an index, and how long it takes."""

from __future__ import annotations

import datetime
import json
import os
import time
from typing import Any

from audit import clock, trail
from breaches.reach import Sought, reached
from practice.models import User
from practice.roles import Role
from tests.cast import acting, person
from tests.committed import as_owner, own_database

LINES, STEP = int(os.environ.get("LINES", "10000000")), 500_000
FILL = """INSERT INTO audit_event (at, act, actor_id, role, what, what_id, client_id, part, purpose, request_id, session, address)
SELECT now() - interval '400 days' * (1 - i / %(total)s::float), (ARRAY['read', 'read', 'list', 'export'])[1 + i %% 4],
    CASE WHEN i %% 40 = 0 THEN %(who)s::uuid ELSE md5((i %% 40)::text)::uuid END, 'counselor', 'records.note', md5(i::text)::uuid,
    md5((floor(power(random(), 1.5) * 20000))::int::text)::uuid, 'note_detail', '', md5((i / 7)::text)::uuid,
    left(md5((i / 500)::text), 12), ('10.0.0.' || i %% 40)::inet FROM generate_series(%(first)s, %(last)s) i"""


def asked(ada: User, who: User) -> dict[str, Sought]:
    now, day = clock.now(), datetime.timedelta(days=1)
    acts = ("read", "list", "export")
    return {
        "an account, one day": Sought(now - day, now, acts, (who.pk,)),
        "an account, 30 days": Sought(now - 30 * day, now, acts, (who.pk,)),
        "an account, 400 days": Sought(now - 400 * day, now, acts, (who.pk,)),
        "an address, one day": Sought(now - day, now, acts, address="10.0.0.7"),
        "an address, 92 days": Sought(now - 92 * day, now, acts, address="10.0.0.7"),
    }


def test_whom_it_concerns_among_ten_million_lines(django_db_setup: None, django_db_blocker: Any, worker_id: str) -> None:
    with own_database(django_db_blocker, worker_id) as name:
        ada, who = person("Ada Novak", Role.ADMIN), person("Ana Reyes", Role.COUNSELOR)
        with as_owner(name) as cursor:
            cursor.execute("SET synchronous_commit = off")
            for first in range(1, LINES + 1, STEP):
                given = {"total": LINES, "who": str(who.pk), "first": first, "last": min(LINES, first + STEP - 1)}
                cursor.execute(FILL, given)
            cursor.execute("ANALYZE audit_event")
        print(f"\n{LINES:,} lines")
        for words, sought in asked(ada, who).items():
            with acting(ada):
                rows = reached(trail.lines(), sought)
                began = time.monotonic()
                found = list(rows)
                took = time.monotonic() - began
                plan = json.dumps(json.loads(rows.explain(format="json")))
            print(f"  {words:<22} {len(found):6,} clients {sum(row['lines'] for row in found):8,} lines  {1000 * took:8.1f} ms")
            assert "Index Cond" in plan

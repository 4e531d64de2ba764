"""`python -m bench.seed CLIENTS NOTES LINES`: fills the database of a bench house. What is there already is not done again."""

from __future__ import annotations

import math
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
from django.db import connections

from ops.house import open_house
from ops.postgres import connect
from ops.roles import DATABASE

STEP = 40  # clients of one transaction
TRAIL_STEP = 250_000  # lines of one transaction
PROCESSES = 2
NOTHING = "00000000-0000-0000-0000-000000000000"

MADE = """CREATE TABLE IF NOT EXISTS bench_done (what text, step int, PRIMARY KEY (what, step));
CREATE TABLE IF NOT EXISTS bench_client (n int PRIMARY KEY, id uuid NOT NULL, counselor uuid NOT NULL)"""
# A few records are asked for far more often than the rest; one line in twenty is by somebody of another caseload.
LINES = """INSERT INTO audit_event (at, act, actor_id, role, what, what_id, client_id, part, purpose, request_id, session, address)
WITH pick AS MATERIALIZED (SELECT i, floor(power(random(), 1.5) * %(clients)s)::int AS n,
    floor(random() * %(clients)s)::int AS m, random() < 0.05 AS other FROM generate_series(%(first)s, %(last)s) i)
SELECT now() - interval '400 days' * (1 - i / %(total)s::float), (ARRAY['read', 'read', 'list', 'change'])[1 + i %% 4],
    CASE WHEN other THEN o.counselor ELSE c.counselor END, 'counselor', 'records.note', gen_random_uuid(), c.id,
    (ARRAY['note_detail', 'session_list', 'client_list', 'save_note'])[1 + i %% 4], '', gen_random_uuid(), 'bench', '127.0.0.1'
FROM pick JOIN bench_client c ON c.n = pick.n JOIN bench_client o ON o.n = pick.m"""


def _superuser() -> Any:
    """A connection that passes row-level security and triggers (what it writes is in others' names); only the bench's servers have one."""
    link = connect(open_house(Path(os.environ["SUBROSA_VAR"])), DATABASE)
    with link, link.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off; SET statement_timeout = 0; SET session_replication_role = replica")
    return link


def _missing(cursor: Any, what: str, steps: int) -> list[int]:
    cursor.execute("SELECT step FROM bench_done WHERE what = %s", [what])
    done = {step for (step,) in cursor.fetchall()}
    return [step for step in range(steps) if step not in done]


def _bar(what: str, done: int, total: int, began: float) -> None:
    full = round(30 * done / total)
    left = (time.monotonic() - began) * (total - done) / max(done, 1)
    sys.stdout.write(f"\r  {what:<18} {'█' * full}{'·' * (30 - full)} {100 * done // total:3} %  {left:4.0f} s left ")
    sys.stdout.write("\n" if done == total else "")
    sys.stdout.flush()


def _people(clients: int) -> None:
    from audit import doors  # models need Django, which main sets up
    from practice.models import User
    from practice.roles import Role

    from .lives import CASELOAD, SUPERVISED

    counselors = math.ceil(clients / CASELOAD)
    wanted = [(f"counselor{n}", [Role.COUNSELOR]) for n in range(counselors)]
    wanted += [(f"supervisor{n}", [Role.COUNSELOR, Role.SUPERVISOR]) for n in range(math.ceil(counselors / SUPERVISED))]
    wanted += [("desk", [Role.DESK]), ("admin", [Role.ADMIN])]
    with doors.system("bench"):
        for name, roles in wanted:
            if not User.objects.at_address(f"{name}@bench.test").exists():
                User.objects.create_user(f"{name}@bench.test", None, name=name.capitalize(), roles=roles, credentials="LPC")


def _team(clients: int) -> Any:
    from django.contrib.auth.models import Permission  # models need Django, which main sets up

    from audit import clock
    from practice.models import User
    from practice.models.people import address_token

    from .lives import CASELOAD, SUPERVISED, Team

    def found(kind: str, count: int) -> list[Any]:
        rows = dict(User.objects.values_list("username", "pk"))
        return [rows[address_token(f"{kind}{n}@bench.test")] for n in range(count)]

    counselors = math.ceil(clients / CASELOAD)
    permissions = dict(Permission.objects.filter(content_type__app_label="clients").values_list("codename", "pk"))
    return Team(found("counselor", counselors), found("supervisor", math.ceil(counselors / SUPERVISED)), permissions, clock.now())


def _work(share: list[int], clients: int, notes: int, told: Any) -> None:
    """One process's share of the steps; each is a transaction, so that a run cut short goes on where it was."""
    from vault import gate  # models need Django, which main sets up

    connections.close_all()
    django.setup()
    team, link = _team(clients), _superuser()
    for step in share:
        with gate.open_by(gate.Opening()), link, link.cursor() as cursor:
            _step(cursor, step, range(step * STEP, min(clients, (step + 1) * STEP)), notes, team)
        told.put(step)


def _step(cursor: Any, step: int, numbers: range, notes: int, team: Any) -> None:
    from .copying import copy  # models need Django, which main sets up
    from .lives import Batch, add

    batch = Batch()
    for number in numbers:
        add(batch, number, notes, team)
    for rows in batch.tables():
        copy(cursor, rows)
    counselors = {grant.content_object_id: grant.user_id for grant in reversed(batch.grants)}
    pairs = [(number, str(client.pk), str(counselors[client.pk])) for number, client in zip(numbers, batch.clients, strict=True)]
    cursor.executemany("INSERT INTO bench_client VALUES (%s, %s, %s)", pairs)
    cursor.execute("INSERT INTO bench_done VALUES ('clients', %s)", [step])


def _records(clients: int, notes: int, steps: list[int]) -> None:
    fork = multiprocessing.get_context("spawn")
    told, began = fork.Queue(), time.monotonic()
    workers = [fork.Process(target=_work, args=(steps[n::PROCESSES], clients, notes // clients, told)) for n in range(PROCESSES)]
    for worker in workers:
        worker.start()
    for done in range(1, len(steps) + 1):
        _awaited(told, workers)
        _bar("clients and notes", done, len(steps), began)
    for worker in workers:
        worker.join()


def _awaited(told: Any, workers: list[Any]) -> None:
    while told.empty():
        if any(worker.exitcode for worker in workers):
            raise SystemExit("A seeding process failed. Its message is above; start again and it goes on from here.")
        time.sleep(0.02)
    told.get()


def _trail(cursor: Any, clients: int, lines: int) -> Iterator[int]:
    for step in _missing(cursor, "lines", math.ceil(lines / TRAIL_STEP)):
        first = step * TRAIL_STEP + 1
        wanted = {"clients": clients, "first": first, "last": min(lines, first + TRAIL_STEP - 1), "total": lines}
        cursor.execute(LINES, wanted)
        cursor.execute("INSERT INTO bench_done VALUES ('lines', %s)", [step])
        yield step


def _fill_trail(link: Any, clients: int, lines: int) -> None:
    began, total, done = time.monotonic(), math.ceil(lines / TRAIL_STEP), 0
    with link.cursor() as cursor:
        total = len(_missing(cursor, "lines", total))
        for _ in _trail(cursor, clients, lines):
            link.commit()
            done += 1
            _bar("lines of the trail", done, total, began)


def main(clients: int, notes: int, lines: int) -> None:
    """Bring the database to these numbers."""
    from .bare import TABLE  # models need Django

    link, began = _superuser(), time.monotonic()
    with link, link.cursor() as cursor:
        cursor.execute(MADE)
        cursor.execute(TABLE)
        steps = _missing(cursor, "clients", math.ceil(clients / STEP))
        trail = _missing(cursor, "lines", math.ceil(lines / TRAIL_STEP))
    if steps:
        _people(clients)
        _records(clients, notes, steps)
    if trail:
        _fill_trail(link, clients, lines)
    if steps or trail:
        link.autocommit = True
        with link.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        sys.stdout.write(f"  seeded in {time.monotonic() - began:.0f} s\n")


if __name__ == "__main__":
    django.setup()
    main(*(int(each) for each in sys.argv[1:4]))

"""The second lock on moving in: a file is its bringer's alone, and what arrived is told to whoever may write of the client."""

from __future__ import annotations

from importlib import import_module

from audit.lock import WORKER, freeze, grant, guard, policy

lock = import_module("clients.migrations.0002_lock")
MOVE, PIECE, FAULT, ARRIVAL = "moving_movein", "moving_moveinpiece", "moving_moveinfault", "moving_arrival"
MINE = f"brought_by_id = subrosa_actor() AND {lock.role('counselor', 'desk')}"
OF_MINE = f"EXISTS (SELECT 1 FROM {MOVE} m WHERE m.id = move_id)"  # its own policy decides
WRITES = f"({lock.granted('client_id', lock.CLINICAL)}) OR ({lock.role('desk')} AND {lock.not_denied('client_id')})"
OVER = "until <= now()"

LOCKS = [
    grant(MOVE, web="SELECT, INSERT, UPDATE (version, about, state, done, made, known, wrong)", worker="SELECT, UPDATE (gone_at)"),
    grant(PIECE, web="SELECT, INSERT", worker="SELECT, DELETE"),
    grant(FAULT, web="SELECT, INSERT", worker="SELECT, DELETE"),
    grant(ARRIVAL, web="SELECT, INSERT"),
    guard(MOVE), guard(PIECE), guard(FAULT), guard(ARRIVAL),
    freeze(MOVE, when="OLD.gone_at IS NOT NULL", name="gone_is_final"),
    freeze(ARRIVAL, name="arrived_is_final"),
    policy(MOVE, "own", using=MINE, check=MINE),
    policy(MOVE, "job_clears", using=OVER, check=OVER, to=WORKER),
    policy(PIECE, "own", using=OF_MINE, check=OF_MINE),
    policy(PIECE, "job_clears", using=OF_MINE, to=WORKER),
    policy(FAULT, "own", using=OF_MINE, check=OF_MINE),
    policy(FAULT, "job_clears", using=OF_MINE, to=WORKER),
    policy(ARRIVAL, "written", on="SELECT", using=f"({MINE}) OR {WRITES}"),
    policy(ARRIVAL, "arrived", on="INSERT", check=f"{MINE} AND ({WRITES})"),
]  # fmt: skip

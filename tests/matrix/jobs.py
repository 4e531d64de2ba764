"""The jobs as cells of the matrix: what each may be told, and what each changed in the furnished practice, as jobs.txt has it."""

from __future__ import annotations

import datetime
import inspect
import re
from pathlib import Path
from typing import Any

from celery import current_app
from django.db import connection, transaction

from audit import clock
from tests.architecture.source import ROOMS
from tests.committed import as_worker

JOBS = Path(__file__).with_name("jobs.txt")
HEAD = """# What each job of the worker changed in the furnished practice, forty days on: job | tables. None is told anything but its name.
# A line that changes is a job that reaches further or less far, and is to be read as one. WRITE=jobs writes it anew.
"""
LATER = datetime.timedelta(days=40)  # much is due by then
CHANGED = """SELECT relname FROM pg_stat_xact_user_tables WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"""
LEFT = ("audit.tasks.seal", "audit_seal")  # there is something to seal if another test of the same process left a line
PARTITION = re.compile(r"_\d{4}_\d\d$|_other$")


def jobs() -> dict[str, Any]:
    """Every job of the rooms, by name; Celery's own are not among them, nor those that other tests invent."""
    current_app.loader.import_default_modules()
    return {name: job for name, job in sorted(current_app.tasks.items()) if name.partition(".")[0] in ROOMS}


def told(job: Any) -> list[str]:
    """What somebody who can write to the queue could tell it."""
    return [*inspect.signature(job.run).parameters]


def changed_by(job: Any) -> list[str]:
    """The tables that ``job`` changes, as the worker that it runs in, with nobody acting; everything is taken back."""
    with as_worker(), clock.at(clock.now() + LATER), transaction.atomic():
        job.run()
        with connection.cursor() as cursor:
            cursor.execute(CHANGED)
            found = sorted({PARTITION.sub("", name) for (name,) in cursor.fetchall()})
        transaction.set_rollback(True)
    return [name for name in found if (job.name, name) != LEFT]


def expected() -> dict[str, str]:
    """The lines of jobs.txt."""
    lines = (line.partition("|") for line in JOBS.read_text().splitlines() if line and not line.startswith("#"))
    return {name.strip(): tables.strip() for name, _, tables in lines}


def found() -> dict[str, str]:
    """The same, as it is."""
    return {name: " ".join(changed_by(job)) or "nothing" for name, job in jobs().items()}


def put_down(told: dict[str, str]) -> None:
    """Write jobs.txt anew."""
    JOBS.write_text(HEAD + "".join(f"{name} | {tables}\n" for name, tables in told.items()))

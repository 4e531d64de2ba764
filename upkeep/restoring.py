"""Putting a backup back: everything is looked at first, then the database is filled, then compared with what was counted.

What is in the way is set aside under another name until the copy stands and compares, so a failure leaves what was there. A run that
was killed is known by a mark on the schema: run again, it begins anew by itself.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import pyrage
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from audit import anchors, clock
from audit.keeping import looking

from . import counting, sets
from .programs import running
from .refusing import CannotBackUp, CannotRestore
from .sealing import Tell, opened
from .sets import BackupSet
from .taking import ANCHORS, CONTENTS, DUMP, WRAPPED

MARK = "Sub Rosa: a restore is under way"
ASIDE = "before_restore"
_ARGUMENTS = ["--enable-row-security", "--no-owner", "--single-transaction", "--exit-on-error", "--no-password"]
_OTHERS = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND application_name NOT LIKE 'subrosa-upkeep%' AND backend_type = 'client backend' AND usename <> current_user"""
_SCHEMAS = "SELECT nspname, obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = ANY(%s)"


@dataclass
class Restored:
    """What came of it."""

    name: str
    keys: str
    rows: int = 0
    seconds: float = 0.0
    differing: list[str] = field(default_factory=list)
    anchors: str = ""  # "put back", or why not


@dataclass(frozen=True)
class Plan:
    """The sets that go together, and the key that opens them."""

    data: BackupSet
    keys: BackupSet
    identity: pyrage.x25519.Identity
    contents: dict[str, Any]

    @property
    def bytes(self) -> int:
        """How much there is to read: once to look at it, once to open it."""
        return self.data.bytes + self.keys.bytes


def planned(name: str, keys_name: str, identity: pyrage.x25519.Identity, *, signed: bool, tell: Tell = lambda _: None) -> Plan:
    """The set called ``name`` (the newest, where it is "") with the newest data keys, looked at from end to end.

    Raises CannotRestore, with nothing touched, where a checksum or signature does not hold, the key is another, or the code is older
    than the backup.
    """
    data, keys = _named(sets.DATA, name), _named(sets.KEYS, keys_name)
    if keys.name < data.name:
        raise CannotRestore(f"The data keys of {keys.name} are older than the data of {data.name}: some would be missing. Take newer ones.")
    for one in (data, keys):
        sets.require_sound(one, signed=signed, tell=tell)
    plain = BytesIO()
    opened(data.file(CONTENTS), plain, identity)
    plan = Plan(data, keys, identity, json.loads(plain.getvalue()))
    _require_known(plan)
    return plan


def _named(kind: str, name: str) -> BackupSet:
    there = sets.every(kind)
    found = [one for one in there if one.name == name] if name else there[:1]
    if not found:
        names = ", ".join(one.name for one in there[:5]) or "none"
        raise CannotRestore(f"There is no set of {kind} {name or 'at all'} in {sets.place(kind)}. There are: {names}.")
    return found[0]


def _require_known(plan: Plan) -> None:
    """A backup of a newer version has tables that this code does not know."""
    here = {f"{app}.{step}" for app, step in MigrationLoader(None).disk_migrations}
    if unknown := [each for each in plan.contents["migrations"] if each not in here]:
        raise CannotRestore(
            f"The backup was made by a newer version of Sub Rosa ({unknown[0]} is not known here). Install that version first."
        )


# --- what is there ---------------------------------------------------------------------------------------------------------


def in_the_way() -> str:
    """What the database holds already: "" when nothing does, or how much it is."""
    with looking() as cursor:
        if _schemas(cursor).get("public") == MARK:
            return ""
        cursor.execute("SELECT to_regclass('public.practice_user') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return ""
        cursor.execute("SELECT (SELECT count(*) FROM practice_user), (SELECT count(*) FROM audit_event)")
        people, lines = cursor.fetchone()
    return f"{people:,} people and {lines:,} lines of the trail" if people or lines else ""


def require_alone() -> None:
    """Raises CannotRestore while web, worker or beat are connected: they would write into what is replaced."""
    with looking() as cursor:
        cursor.execute(_OTHERS)
        if others := cursor.fetchone()[0]:
            raise CannotRestore(f"{others} connections of web or worker are open. Stop Sub Rosa; `make services` keeps the database up.")


def _schemas(cursor: Any) -> dict[str, str]:
    cursor.execute(_SCHEMAS, [["public", ASIDE]])
    return dict(cursor.fetchall())


def _make_room() -> None:
    """Set aside what is there, once, and begin an empty schema with the mark on it."""
    with transaction.atomic(), looking() as cursor:
        there = _schemas(cursor)
        if ASIDE in there and there.get("public") == MARK:
            cursor.execute("DROP SCHEMA public CASCADE")  # ours, half-made; what was there before is aside already
        elif "public" in there:
            cursor.execute(f"DROP SCHEMA IF EXISTS {ASIDE} CASCADE")
            cursor.execute(f"ALTER SCHEMA public RENAME TO {ASIDE}")
        cursor.execute("CREATE SCHEMA public AUTHORIZATION pg_database_owner")
        cursor.execute(f"COMMENT ON SCHEMA public IS '{MARK}'")


def _put_back() -> None:
    """What was set aside stands again."""
    with transaction.atomic(), looking() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute(f"ALTER SCHEMA {ASIDE} RENAME TO public")


def _settle() -> None:
    with transaction.atomic(), looking() as cursor:
        cursor.execute("COMMENT ON SCHEMA public IS 'standard public schema'")
        cursor.execute(f"DROP SCHEMA IF EXISTS {ASIDE} CASCADE")


# --- filling ---------------------------------------------------------------------------------------------------------------


def restore(plan: Plan, tell: Tell = lambda _: None, step: Callable[[str], None] = lambda _: None) -> Restored:
    """Fill the database from ``plan``. Raises CannotRestore or CannotBackUp, with what was there standing as before."""
    began, found = time.monotonic(), Restored(plan.data.name, plan.keys.name)
    step("Setting aside what is there")
    _make_room()
    connection.close()  # its kept plans are of the tables set aside
    try:
        step("Filling the tables")
        _filled(plan.data.file(DUMP), plan, tell)
        _filled(plan.keys.file(WRAPPED), plan, tell)
        step("Comparing")
        _compare(plan, found)
    except BaseException:
        connection.close()
        _put_back()
        raise
    _settle()
    found.anchors = _anchors(plan)
    found.seconds = time.monotonic() - began
    return found


def _filled(path: Path, plan: Plan, tell: Tell) -> None:
    database = str(connection.settings_dict["NAME"])
    try:
        with running(["pg_restore", *_ARGUMENTS, f"--dbname={database}"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as filling:
            assert filling.stdin is not None
            with filling.stdin as pipe:
                opened(path, pipe, plan.identity, tell)
    except BrokenPipeError:
        raise CannotBackUp("pg_restore ended early. Look into the log of the database server.") from None


def _compare(plan: Plan, found: Restored) -> None:
    """Row by row, by count and digest of each table; the keys may be of a later day than the data, and are compared by their own set."""
    before = {name: tuple(table) for name, table in plan.contents["tables"].items()}
    with looking() as cursor:
        after = counting.tables(cursor)
    if plan.keys.name != plan.data.name:
        before.pop("vault_datakey", None)
        rows = after.pop("vault_datakey")[0]
    else:
        rows = 0
    found.rows = rows + sum(count for count, _ in after.values())
    found.differing = counting.differing(before, after)  # type: ignore[arg-type]  # pairs, as JSON lists
    if found.differing:
        raise CannotRestore(f"What was put back is not what was counted, in {', '.join(found.differing[:5])}. Nothing was changed.")


def _anchors(plan: Plan) -> str:
    """The copies of the seals, where there are none: those that are there know more than the backup, and are what finds an old copy out."""
    if anchors.path().exists():
        return "left as they are"
    if not plan.data.has(ANCHORS):
        return "not in this backup"
    anchors.path().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = anchors.path().with_name(f".{anchors.path().name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        opened(plan.data.file(ANCHORS), file, plan.identity)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(anchors.path())
    return "put back"


def lost_since(plan: Plan) -> float:
    """Seconds of work that are not in the backup: the recovery point, if everything were lost now."""
    return (clock.now() - plan.data.at).total_seconds()


def has_room(plan: Plan) -> bool:
    """Whether the disk of the house has about as much room as the sets are large, thrice: what is there stays until the copy stands."""
    return shutil.disk_usage(settings.VAR).free > 3 * plan.bytes

"""One backup: the state of one moment, sealed piece by piece into two sets. People go on working meanwhile."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.migrations.recorder import MigrationRecorder

from audit import anchors, clock, sealing
from audit.keeping import looking

from . import counting, sets
from .programs import running
from .refusing import CannotBackUp
from .sealing import Lines, Piece, Tell, recipient, seal

DUMP, CONTENTS, ANCHORS, WRAPPED = "database.age", "contents.age", "anchors.age", "datakeys.age"
KEY_TABLE = "vault_datakey"
# Owner and policies: every row is the owner's to see (counting.hidden), and COPY would be refused by the tables' own security.
ARGUMENTS = ["--format=custom", "--enable-row-security", "--no-password", "--exclude-schema=before_restore"]
PER_STATEMENT = "--rows-per-insert=500"


@dataclass(frozen=True)
class Taken:
    """What a backup came to."""

    name: str
    bytes: int
    rows: int
    tables: int
    gone: list[str]


@dataclass(frozen=True)
class _Moment:
    """What the snapshot says of itself."""

    snapshot: str
    at: Any
    last_seal: int
    size: int
    counted: dict[str, counting.Table]


def take(tell: Tell = lambda _: None, total: Any = lambda _: None) -> Taken:
    """Make a backup, then take away sets that are older than they may be. Raises NotSetUp, CannotBackUp or OSError; what was
    begun is taken away again. ``total`` hears once about how much there is, ``tell`` of each part of it."""
    to = recipient()
    if not sealing.ring():
        raise CannotBackUp("TRAIL_KEY is not given: it signs the manifest. python -m ops manage gives it.")
    with looking() as cursor:
        moment = _moment(cursor)
        total(moment.size)
        name = sets.stamp(clock.now())
        with sets.made(sets.KEYS, name) as keys, sets.made(sets.DATA, name) as data:
            told = _told(cursor, moment, name, to)
            wrapped = [_dumped(keys / WRAPPED, moment, to, tell, f"--table={KEY_TABLE}", "--data-only", PER_STATEMENT)]
            sets.finish(keys, wrapped, set=sets.KEYS, **told)
            pieces = [
                _dumped(data / DUMP, moment, to, tell, f"--exclude-table-data={KEY_TABLE}"),
                seal(BytesIO(json.dumps({"tables": moment.counted, "migrations": told["migrations"]}).encode()), data / CONTENTS, to),
                *_anchors(data / ANCHORS, moment, to),
            ]
            sets.finish(data, pieces, set=sets.DATA, **told)
    return _taken(name, moment, [*wrapped, *pieces])


def _taken(name: str, moment: _Moment, pieces: list[Piece]) -> Taken:
    rows = sum(count for count, _ in moment.counted.values())
    return Taken(name, sum(piece.bytes for piece in pieces), rows, len(moment.counted), sets.prune())


def _moment(cursor: Any) -> _Moment:
    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    cursor.execute("SELECT pg_export_snapshot(), pg_database_size(current_database()), coalesce((SELECT max(number) FROM audit_seal), 0)")
    snapshot, size, last = cursor.fetchone()
    if unseen := counting.hidden(cursor):
        raise CannotBackUp(f"The connected role may not see every row of {', '.join(unseen)}. Run it as the owner of the database.")
    return _Moment(snapshot, clock.now(), last, size, counting.tables(cursor))


def _told(cursor: Any, moment: _Moment, name: str, to: str) -> dict[str, Any]:
    cursor.execute("SHOW server_version")
    applied = sorted(f"{app}.{step}" for app, step in MigrationRecorder.Migration.objects.values_list("app", "name"))  # type: ignore[attr-defined]  # made at run time
    return {
        "name": name,
        "at": moment.at.isoformat(),
        "postgres": cursor.fetchone()[0],
        "migrations": applied,
        "tables": len(moment.counted),
        "rows": sum(count for count, _ in moment.counted.values()),
        "recipient": to,
    }


def _dumped(path: Path, moment: _Moment, to: str, tell: Tell, *which: str) -> Piece:
    with running(["pg_dump", *ARGUMENTS, f"--snapshot={moment.snapshot}", *which], stdout=subprocess.PIPE) as dump:
        assert dump.stdout is not None
        return seal(dump.stdout, path, to, tell)


def _anchors(path: Path, moment: _Moment, to: str) -> list[Piece]:
    """The copies of the seals, as far as the snapshot holds these seals: later ones would say that it is an older copy."""
    return [seal(Lines(_until(moment.last_seal)), path, to)] if anchors.path().exists() else []


def _until(last: int) -> Iterator[bytes]:
    with anchors.path().open("rb") as file:
        for line in file:
            said = anchors.read(line)
            if said and said["number"] > last:
                return
            yield line


def is_set_up() -> bool:
    """Whether there is a key to seal backups to."""
    return bool(settings.BACKUP_RECIPIENT) or settings.BACKUP_RECIPIENT_KEPT.exists()

"""Bundles: a stretch of the trail with its seals, in a folder that anybody can check with the one file that lies in it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from . import verify_bundle
from .checking import AT_ONCE
from .sealing import LOWEST, copy_lines, seals
from .verify_bundle import Record

Clients = frozenset[str]  # their ids, as lines write them
_CLIENT, _WHAT = verify_bundle.COLUMNS.index("client_id"), verify_bundle.COLUMNS.index("what")

README = """A stretch of the trail: who opened, changed, exported or was refused what. It holds ids and no names, and no words of anybody.

    python verify_bundle.py .                needs Python 3.11 or newer and: pip install cryptography
    python verify_bundle.py . --key FINGERPRINT --checkpoint NUMBER:HASH

lines-*.tsv: the lines, in the order of their numbers (COPY text of PostgreSQL: tabs between columns, \\N for nothing, UTC).
Columns: {columns}.
seals-*.jsonl: the seals over them. What is hashed and signed is said at the top of verify_bundle.py.

The check tells that these lines are those that were sealed. That nothing came before or after it cannot tell: compare a checkpoint
that you were mailed. Two columns instead of all: a line that is not told, by number and hash.
"""


def make(
    cursor: Any, place: Path, first: int, last: int, clients: Clients = frozenset(), labels: frozenset[str] = frozenset()
) -> Iterator[tuple[int, int]]:
    """Write seals ``first`` to ``last`` and their lines into ``place``; yields number and lines after each step.

    With ``clients`` only lines about these are told: the others under the same seals are hashes, and other seals stand alone.
    With ``labels`` as well, only those of them that are about rows called so: the rest is veiled like lines about others.

    What an earlier run finished stays, so that a stopped one goes on.
    """
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    (place / "README.txt").write_text(README.format(columns=", ".join(verify_bundle.COLUMNS)))
    shutil.copyfile(verify_bundle.__file__, place / "verify_bundle.py")
    done = max(_finished(place), first - 1)
    while done < last and (some := _some(cursor, done, last)):
        yield _step(cursor, place, some, clients, labels)
        done = some[-1]["number"]


def _finished(place: Path) -> int:
    """The number of the last seal of an earlier run."""
    paths = sorted(place.glob("seals-*.jsonl"))
    return int(json.loads(paths[-1].read_text().splitlines()[-1])["number"]) if paths else 0


def _some(cursor: Any, after: int, last: int) -> list[Record]:
    found: list[Record] = []
    for seal, _ in seals(cursor, after):
        if seal["number"] > last or sum(each["lines"] for each in found) > AT_ONCE:
            break
        found.append(seal)
    return found


def _step(cursor: Any, place: Path, some: list[Record], clients: Clients, labels: frozenset[str]) -> tuple[int, int]:
    number, after = some[0]["number"], some[0]["after"]
    with _whole(place / f"lines-{number:012}.tsv") as file:
        if clients:
            for seal in some:
                _tell(cursor, seal, clients, labels, file.write)
        else:
            copy_lines(cursor, after if number > 1 else LOWEST, some[-1]["upto"], file.write)
    with _whole(place / f"seals-{number:012}.jsonl") as file:
        file.writelines(json.dumps(seal, sort_keys=True).encode("ascii") + b"\n" for seal in some)
    return some[-1]["number"], sum(seal["lines"] for seal in some)


def _tell(cursor: Any, seal: Record, clients: Clients, labels: frozenset[str], write: Any) -> None:
    """The lines under ``seal``, those about others veiled; none where none is about ``clients``, and the seal is marked."""
    rows: list[bytes] = []
    copy_lines(cursor, seal["after"] if seal["number"] > 1 else LOWEST, seal["upto"], rows.append)
    cells = [row.decode().split("\t") for row in rows]
    told = [each[_CLIENT] in clients and (not labels or each[_WHAT] in labels) for each in cells]
    seal["veiled"] = not any(told)
    for row, is_told in zip(rows, told, strict=True) if any(told) else ():
        write(row if is_told else verify_bundle.veil(row))


@contextmanager
def _whole(target: Path) -> Iterator[Any]:
    """A file for this account alone that is there whole or not at all."""
    draft = target.with_name(f".{target.name}.part")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, target)

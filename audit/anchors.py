"""Copies of the seals outside the database: lines of JSON in a file on another path, and one more keeper where one is named.

Whoever changes the database cannot change what was kept elsewhere: that is how a cut tail, an older dump or a rewritten chain is
found. The file is only ever added to, and synced to the disk before a seal counts as anchored. A line is a seal, or a declaration:
a person at the machine saying why the next seals do not follow from those before (a restored backup, a lost key, a lost file).
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from .sealing import CannotSeal, Key, seal_at, seals
from .verify_bundle import Record, identity, is_signed

KINDS = ("restored", "new_key", "new_anchors", "known")  # what a person may declare
_TAIL = 65_536  # bytes looked at for the last line


@dataclass
class Kept:
    """What the file says: the hash of each seal by number, what was declared, and what cannot be read."""

    known: dict[int, str] = field(default_factory=dict)
    lost: dict[int, str] = field(default_factory=dict)  # seals that a declared restore left behind
    declared: list[Record] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)  # numbers of lines
    forged: list[int] = field(default_factory=list)  # declarations whose signature does not hold
    first_key: str = ""

    @property
    def vouched(self) -> set[int]:
        """Numbers of seals after which a new key was declared."""
        return {each["number"] for each in self.declared if each["declared"] == "new_key"}

    @property
    def known_findings(self) -> set[str]:
        """What verifications found, a person looked into, and declared known: word by word, so that anything more is news."""
        return {words for each in self.declared for words in each.get("findings", [])}


def path() -> Path:
    """Where the anchors are."""
    return Path(settings.TRAIL_ANCHOR)


def tip() -> tuple[int, str] | None:
    """Number and hash of the last seal that is anchored; (0, "") in a file without any; None without a file."""
    try:
        with path().open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - _TAIL))
            lines = file.read().splitlines()
    except FileNotFoundError:
        return None
    for line in reversed(lines):
        if said := read(line):
            return _tip_of(said)
    return 0, ""


def _tip_of(said: Record) -> tuple[int, str]:
    return (said["number"], said["identity"]) if "declared" in said else (said["number"], identity(said))


def read(line: bytes) -> Record | None:
    """A line of the file; None where it was torn, as by a loss of power, or spoiled."""
    try:
        said = json.loads(line)
        _tip_of(said)
    except (ValueError, KeyError, TypeError):
        return None
    return dict(said)


def everything() -> Kept:
    """The whole file. Without one, nothing is known."""
    kept = Kept()
    try:
        with path().open("rb") as file:
            for number, line in enumerate(file, 1):
                _take(kept, number, read(line) if line.strip() else {})
    except FileNotFoundError:
        pass
    return kept


def _take(kept: Kept, number: int, said: Record | None) -> None:
    if said is None:
        kept.unreadable.append(number)
    elif "declared" in said:
        _declared(kept, number, said)
    elif said:
        kept.first_key = kept.first_key or said["key"]
        kept.known[said["number"]] = identity(said)


def _declared(kept: Kept, number: int, said: Record) -> None:
    if not is_signed(_declaration(said), said.get("signature", ""), said.get("key", "")):
        kept.forged.append(number)
        return
    kept.declared.append(said)
    for left in [each for each in kept.known if each > said["number"]] if said["declared"] == "restored" else []:
        kept.lost[left] = kept.known.pop(left)


def _declaration(said: Record) -> bytes:
    return json.dumps({name: value for name, value in said.items() if name != "signature"}, sort_keys=True, separators=(",", ":")).encode()


# --- writing ----------------------------------------------------------------------------------------------------------


def begin(cursor: Any) -> None:
    """Make the file of a trail that has no seal yet. Raises CannotSeal where seals are there and the file is gone."""
    if path().exists():
        return
    if seal_at(cursor):
        raise CannotSeal("gone")
    path().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _append([])


def require_same(cursor: Any) -> int:
    """The number up to which the database holds what is anchored. Raises CannotSeal where it is another or an older one.

    The database remembers how much was anchored: a file that ends earlier was cut, and is not quietly written anew.
    """
    number, known = tip() or (0, "")
    cursor.execute("SELECT anchored FROM audit_watch")
    if number < cursor.fetchone()[0]:
        raise CannotSeal("gone")
    there = seal_at(cursor, number) if number else None
    if number and (there is None or identity(there) != known):
        raise CannotSeal("forked")
    return number


def catch_up(cursor: Any) -> Record | None:
    """Anchor every seal that is not anchored yet; returns the last one. Raises OSError where that cannot be written."""
    number, last = require_same(cursor), None
    while found := [seal for seal, _ in seals(cursor, number)]:
        for seal in found if settings.TRAIL_STORE else []:
            import_string(settings.TRAIL_STORE)(f"seal-{seal['number']:012}.json", _line(seal))
        _append(_line(seal) for seal in found)
        number, last = found[-1]["number"], found[-1]
    return last


def declare(kind: str, reason: str, at: str, key: Key, last: Record | None, findings: list[str] | None = None) -> Record:
    """Write a person's declaration about what follows ``last``, or about ``findings``, signed by the current key."""
    before = (0, "") if kind == "new_anchors" or last is None else (last["number"], identity(last))
    said: Record = {"declared": kind, "reason": reason, "at": at, "number": before[0], "identity": before[1], "key": key.public}
    said |= {"findings": findings} if findings else {}
    said["signature"] = key.sign(_declaration(said))
    path().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _append([_line(said)])
    return said


def _line(said: Record) -> bytes:
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode("ascii") + b"\n"


def _append(lines: Iterable[bytes]) -> None:
    """Add whole lines and sync them. What a loss of power tore is left where it is, on a line of its own."""
    descriptor = os.open(path(), os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        size = os.fstat(descriptor).st_size
        torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        text = (b"\n" if torn else b"") + b"".join(lines)
        while text:
            text = text[os.write(descriptor, text) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    _sync(path().parent)


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def folder(name: str, content: bytes) -> None:
    """A keeper (settings.TRAIL_STORE): a file for each seal in a folder, as an object store keeps objects, never written twice.

    Whoever writes one for a store of their own takes the same two: it must refuse other content under a name that it has.
    """
    place = Path(settings.TRAIL_STORE_DIR)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    target, draft = place / name, place / f".{name}.{os.getpid()}"
    if target.exists():
        if target.read_bytes() != content:
            raise FileExistsError(f"{name} is there with other content")
        return
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o400), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.link(draft, target)  # fails where somebody was faster
    draft.unlink()
    _sync(place)

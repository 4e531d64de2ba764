"""Sets on the disk: a folder for each backup's data and one for its data keys, each whole or not there, with a signed manifest.

The two stand apart because the keys leave sooner: when a client's keys were destroyed, no backup opens their record any more
after settings.BACKUP_KEYS_KEPT_DAYS, though the data, which nobody can read without them, is kept longer.
"""

from __future__ import annotations

import datetime
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from audit import clock
from audit.sealing import ring
from audit.verify_bundle import is_signed

from .refusing import CannotBackUp, CannotRestore
from .sealing import Piece, Tell, digest

DATA, KEYS = "data", "keys"
MANIFEST = "manifest.json"
FORMAT = 1
STAMP = "%Y-%m-%dT%H%M%SZ"


@dataclass(frozen=True)
class BackupSet:
    """One folder, and what its manifest says."""

    kind: str
    path: Path
    said: dict[str, Any]

    @property
    def name(self) -> str:
        """When it was begun; the data and the keys of one backup share it."""
        return self.path.name

    @property
    def at(self) -> datetime.datetime:
        """The moment whose state it holds."""
        return datetime.datetime.fromisoformat(self.said["at"])

    @property
    def bytes(self) -> int:
        """How much there is to read."""
        return sum(int(piece["bytes"]) for piece in self.said["pieces"])

    def file(self, name: str) -> Path:
        """The path of a piece."""
        return self.path / name

    def has(self, name: str) -> bool:
        """Whether the set holds the piece ``name``."""
        return any(piece["name"] == name for piece in self.said["pieces"])


def place(kind: str) -> Path:
    """Where sets of this kind are."""
    return Path(settings.BACKUP_KEYS_DIR if kind == KEYS else settings.BACKUP_DIR / DATA)


def stamp(moment: datetime.datetime) -> str:
    """The name of a backup begun then."""
    return moment.astimezone(datetime.UTC).strftime(STAMP)


def every(kind: str) -> list[BackupSet]:
    """The sets that are there whole, the newest first."""
    paths = [path for path in place(kind).glob("*/" + MANIFEST) if not path.parent.name.startswith(".")]
    return sorted((_read(kind, path) for path in paths), key=lambda one: one.name, reverse=True)


def _read(kind: str, path: Path) -> BackupSet:
    try:
        said = json.loads(path.read_text())
        found = BackupSet(kind, path.parent, dict(said))
        if found.said["format"] != FORMAT or not found.said["signature"] or found.bytes < 0 or not found.at:
            raise ValueError
    except (OSError, ValueError, KeyError, TypeError):
        return BackupSet(kind, path.parent, {"pieces": [], "unreadable": True, "at": "1970-01-01T00:00:00+00:00"})
    return found


@contextmanager
def made(kind: str, name: str) -> Iterator[Path]:
    """A folder to fill; it gets its name once ``finish`` wrote its manifest. What an earlier, killed run left is taken away."""
    parent = place(kind)
    parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in parent.glob(".*.part"):
        shutil.rmtree(left)
    draft = parent / f".{name}.part"
    draft.mkdir(mode=0o700)
    try:
        yield draft
        if not (draft / MANIFEST).exists():
            raise CannotBackUp("The set was not finished.")
        draft.rename(parent / name)
        _sync(parent)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def finish(draft: Path, pieces: list[Piece], **told: Any) -> None:
    """Write the manifest, signed by the key of the trail, after each piece was read back as it was written."""
    for piece in pieces:
        if digest(draft / piece.name) != piece:
            raise CannotBackUp(f"{piece.name} does not read back as it was written: the disk is not sound.")
    key = ring()[0]
    said = {"format": FORMAT, "pieces": [asdict(piece) for piece in pieces], "key": key.public, **told}
    said["signature"] = key.sign(_body(said))
    with open(os.open(draft / MANIFEST, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(said, file, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    _sync(draft)


def _body(said: dict[str, Any]) -> bytes:
    return json.dumps({name: value for name, value in said.items() if name != "signature"}, sort_keys=True, separators=(",", ":")).encode()


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def require_sound(found: BackupSet, *, signed: bool = True, tell: Tell = lambda _: None) -> None:
    """Raises CannotRestore unless the manifest is signed by a key of this house's trail and every piece is as it was written."""
    if found.said.get("unreadable"):
        raise CannotRestore(f"{found.path / MANIFEST} cannot be read. Take another set.")
    known = {key.public for key in ring()}
    if signed and found.said["key"] not in known:
        raise CannotRestore(
            "The manifest is signed by a key that is not in TRAIL_KEY: it is another house's, or TRAIL_KEY is a newer one. Put the key of "
            "that time back, or say --unsigned if you know where this set comes from."
        )
    if signed and not is_signed(_body(found.said), found.said["signature"], found.said["key"]):
        raise CannotRestore(f"{found.path / MANIFEST} was changed: its signature does not hold. Take another set.")
    for piece in found.said["pieces"]:
        _require_piece(found, Piece(**piece), tell)


def _require_piece(found: BackupSet, piece: Piece, tell: Tell) -> None:
    path = found.path / Path(piece.name).name
    if not path.exists():
        raise CannotRestore(f"{piece.name} of {found.name} is missing. Take another set.")
    if digest(path, tell) != piece:
        raise CannotRestore(f"{piece.name} of {found.name} is not what was written: its checksum differs. Take another set.")


def prune() -> list[str]:
    """Take away what is older than it may be: data beyond the newest settings.BACKUP_KEPT, keys older than BACKUP_KEYS_KEPT_DAYS.

    The newest set of each kind always stays: without it nothing could be restored. Returns what was taken away.
    """
    oldest = clock.now() - datetime.timedelta(days=settings.BACKUP_KEYS_KEPT_DAYS)
    data, keys = ([one for one in every(kind) if "unreadable" not in one.said] for kind in (DATA, KEYS))
    old = data[max(1, settings.BACKUP_KEPT) :] + [one for one in keys[1:] if one.at < oldest]
    for one in old:
        shutil.rmtree(one.path)
    return [f"{one.kind} {one.name}" for one in old]

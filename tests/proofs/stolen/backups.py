"""A backup of the house as it stands, to be carried off with the rest; its key stays behind."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyrage
from django.test import override_settings

from tests.committed import as_role
from upkeep import sealing, sets, taking

from .loot import unpacked


@dataclass
class Backup:
    """The files of one, and what its key opens."""

    files: list[Path]
    opened: Path  # the dump as SQL, for the control: whoever has the key finds what is open by design


def backed_up(place: Path) -> Backup:
    """Make one at ``place``, by the command's own way, for a key that is made here."""
    place.mkdir()
    identity, plain = pyrage.x25519.Identity.generate(), place / "opened.dump"
    told = {"BACKUP_DIR": place / "sets", "BACKUP_KEYS_DIR": place / "sets" / "keys", "TRAIL_ANCHOR": place / "trail.jsonl"}
    with override_settings(BACKUP_RECIPIENT=str(identity.to_public()), **told), as_role("DATABASE_URL_OWNER"):
        taking.take()
        with plain.open("wb") as file:
            sealing.opened(sets.every(sets.DATA)[0].file(taking.DUMP), file, identity)
    return Backup([path for path in (place / "sets").rglob("*") if path.is_file()], unpacked(place / "opened.sql", plain))

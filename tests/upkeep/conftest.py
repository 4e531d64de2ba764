"""A database of one's own, connected as its owner, with a key for backups and a place for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.test import override_settings

from practice.roles import Role
from tests.cast import person
from tests.committed import as_role, own_database
from upkeep import actions, sets, taking
from upkeep.models import Run


@dataclass
class Vaulted:
    """One backup of a small practice, and the key that opens it."""

    name: str
    data: sets.BackupSet
    keys: sets.BackupSet
    identity: pyrage.x25519.Identity
    key_file: Path
    taken: taking.Taken


def backed_up() -> taking.Taken:
    """A backup, as the command makes it."""
    with actions.kept(Run.Kind.BACKUP) as run:
        taken = taking.take()
        run.name, run.bytes, run.rows = taken.name, taken.bytes, taken.rows
    return taken


@pytest.fixture(scope="module")
def vaulted(django_db_setup: None, django_db_blocker: Any, worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vaulted]:
    place, identity = tmp_path_factory.mktemp("backups"), pyrage.x25519.Identity.generate()
    (place / "key").write_text(f"# a key\n{identity}\n")
    told = {"BACKUP_DIR": place / "b", "BACKUP_KEYS_DIR": place / "b" / "keys", "BACKUP_RECIPIENT": str(identity.to_public())}
    told |= {"TRAIL_ANCHOR": place / "anchors" / "trail.jsonl"}
    with own_database(django_db_blocker, worker_id), as_role("DATABASE_URL_OWNER"), override_settings(**told):
        person("Ada Novak", Role.ADMIN)
        taken = backed_up()
        yield Vaulted(taken.name, sets.every(sets.DATA)[0], sets.every(sets.KEYS)[0], identity, place / "key", taken)

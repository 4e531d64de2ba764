"""A drill (REV-3): the last backup is put back into an empty server of its own, as after a fire, and looked at."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from audit import keeping
from vault import opening

from .refusing import CannotRestore
from .restoring import Restored

SAMPLE = 25  # rows of each table whose values are opened
_ADDRESSES = ("DATABASE_URL", "DATABASE_URL_WORKER", "DATABASE_URL_OWNER")


@dataclass
class Examined:
    """What a restored database is worth. Numbers alone: they go on a page and into the evidence."""

    rows: int
    differing: int
    lines: int
    seals: int
    findings: int
    values: int
    opened: int
    destroyed: int  # of clients whose keys were destroyed: they open nowhere
    shut: int
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.differing or self.findings or self.shut) and self.opened > 0


def examine(found: Restored) -> Examined:
    """Verify the trail of the connected database and open a sample of every sealed table."""
    trail, values = keeping.verify(), opening.sample(SAMPLE)
    return Examined(
        rows=found.rows,
        differing=len(found.differing),
        lines=trail.lines,
        seals=trail.seals,
        findings=len(trail.findings),
        values=values.values,
        opened=values.open,
        destroyed=values.shredded,
        shut=len(values.shut),
        seconds=round(found.seconds, 2),
    )


def as_told(examined: Examined) -> str:
    """For the run that asked."""
    return json.dumps(asdict(examined))


@contextmanager
def scratch() -> Iterator[dict[str, str]]:
    """An empty server while inside: what the environment says for it. It ends with us, even when we are killed."""
    place = Path(tempfile.mkdtemp(prefix="drill-", dir=settings.VAR))
    command = [sys.executable, "-m", "ops", "scratch", str(place / "var")]
    place.chmod(0o711)
    try:
        with subprocess.Popen(command, cwd=settings.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 (our own program)
            assert server.stdout is not None
            secrets = server.stdout.readline().strip()
            if not secrets:
                raise CannotRestore("The scratch server did not start.")
            yield _environment(Path(secrets), place)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _environment(secrets: Path, place: Path) -> dict[str, str]:
    hidden = {name for each in _ADDRESSES for name in (each, f"{each}_FILE")}
    return {
        **{key: value for key, value in os.environ.items() if key not in hidden},
        "SUBROSA_AS": "owner",
        "DATABASE_URL_OWNER_FILE": str(secrets / "DATABASE_URL_OWNER"),
        "TRAIL_ANCHOR": str(place / "anchors" / "trail.jsonl"),
        "BACKUP_DIR": str(settings.BACKUP_DIR),
        "BACKUP_KEYS_DIR": str(settings.BACKUP_KEYS_DIR),
    }


def drilled(identity: Any, *arguments: str) -> Examined:
    """Put a backup back into a scratch server by the command that people use, and examine it. Raises CannotRestore with its reason."""
    with scratch() as environ:
        command = [sys.executable, "manage.py", "restore", "--skip-checks", "--identity", "-", "--examine", *arguments]
        done = subprocess.run(  # noqa: S603 (our own program)
            command, cwd=settings.ROOT, env=environ, input=f"{identity}\n", capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise CannotRestore(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "The restore ended without a word.")
    return Examined(**json.loads(done.stdout.strip().splitlines()[-1]))

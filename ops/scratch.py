"""An empty PostgreSQL of its own, for drills of a restore: nothing of it is left afterwards."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ops.house import House, open_house
from ops.postgres import await_postgres, postgres_command, prepare_cluster
from ops.processes import sweep
from ops.roles import settle_roles, write_urls
from ops.secrets import MAKERS, settle_secrets


def run_scratch(place: Path, until: IO[str]) -> None:
    """Run the server with its files below `place`, print the folder of its secrets when it answers, and remove everything once
    `until` ends: also when whoever asked for it was killed."""
    with scratch(place) as house:
        print(house.secrets, flush=True)
        until.read()


@contextmanager
def scratch(place: Path) -> Iterator[House]:
    """The server, with its roles and an empty database, while inside. It is not told to survive a loss of power."""
    house = open_house(place, durable=False)
    try:
        settle_secrets(house.secrets, False, [name for name in MAKERS if name.startswith("postgres-")])
        prepare_cluster(house)
        write_urls(house)
        with _server(house):
            await_postgres(house)
            settle_roles(house)
            yield house
    finally:
        sweep(house)
        for path in {house.var, house.data, house.sockets}:
            shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _server(house: House) -> Iterator[None]:
    environ = {"PATH": os.defpath, "LC_ALL": "C", **dict([house.mark.split("=", 1)])}
    with open(house.log / "postgres.log", "ab") as log:
        process = subprocess.Popen(
            postgres_command(house), cwd="/", env=environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **house.keeper.spawn()
        )
    try:
        yield
    finally:
        process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
        process.wait(60)

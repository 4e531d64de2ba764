"""The embedded PostgreSQL: making its cluster, its settings, waiting for it."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import psycopg2
from psycopg2.extensions import connection

from ops.engine import POSTGRES_MAJOR, postgres_program
from ops.house import House
from ops.refusal import Refusal
from ops.secrets import read_secret

SUPERUSER = "postgres"

# Only sockets, and a log that never quotes a statement or a value: with PostgreSQL's defaults an error prints
# both, and they may be a client's words on their way to being sealed.
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "max_connections": "80",
    "shared_buffers": "128MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "logging_collector": "off",
    "log_destination": "stderr",
    "log_line_prefix": "%m [%p] %q%u ",
    "log_checkpoints": "off",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_lock_waits": "off",
    "synchronous_commit": "on",
    "fsync": "on",
}
FOR_TESTS = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}  # thrown away soon after


def prepare_cluster(house: House) -> None:
    """Make the cluster when there is none, clear what a killed run left, and write the settings.

    Nothing of this house may be running. A half-made cluster is moved aside, never deleted.
    Raises Refusal when the cluster is of another major version or cannot be made.
    """
    for draft in house.data.glob(".postgres.new*"):
        shutil.rmtree(draft)
    if not house.has_database:
        _move_half_made_aside(house)
        _make_cluster(house)
    _require_version(house)
    for stale in (house.database / "postmaster.pid", *house.server_sockets.glob(".s.PGSQL.*")):
        stale.unlink(missing_ok=True)
    _write_settings(house)


def postgres_command(house: House) -> list[str]:
    """The command that runs the server in the foreground."""
    return [postgres_program(house, "postgres"), "-D", str(house.database)]


def connect(house: House, database: str = "postgres") -> connection:
    """A connection of the superuser, for making roles. Raises psycopg2.OperationalError while the server is away."""
    password = read_secret(house.secrets, "postgres-superuser")
    return psycopg2.connect(host=str(house.server_sockets), user=SUPERUSER, password=password, dbname=database)


def await_postgres(house: House, patience: float = 120) -> None:
    """Return when the server answers. Raises Refusal when it does not within `patience` seconds, or refuses us."""
    deadline = time.monotonic() + patience
    while True:
        try:
            connect(house).close()
            return
        except psycopg2.OperationalError as error:
            if "password authentication failed" in str(error):
                raise Refusal(f"The database does not accept the password in {house.secrets}.") from None
        if time.monotonic() > deadline:
            raise Refusal(f"PostgreSQL does not answer. Its log: {house.log / 'postgres.log'}")
        time.sleep(0.1)


def _move_half_made_aside(house: House) -> None:
    if house.database.exists():
        house.database.rename(house.data / f"postgres.half-made-{time.time_ns()}")


def _make_cluster(house: House) -> None:
    """Made beside its place and renamed when whole, so that an interrupted first start leaves no half of one."""
    draft = house.keeper.own(_made(house.data / f".postgres.new-{os.getpid()}"), 0o700)
    password = house.keeper.write(draft / "password", read_secret(house.secrets, "postgres-superuser"))
    cluster = draft / "cluster"
    made = subprocess.run(
        _initdb(house, cluster, password),
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C", **dict([house.mark.split("=", 1)])},
        capture_output=True,
        text=True,
        check=False,
        **house.keeper.spawn(),
    )
    if made.returncode:
        raise Refusal(f"The database could not be made:\n{made.stderr.strip()}")
    cluster.rename(house.database)
    shutil.rmtree(draft)


def _made(directory: Path) -> Path:
    directory.mkdir()
    return directory


def _initdb(house: House, cluster: Path, password: Path) -> list[str]:
    return [
        postgres_program(house, "initdb"),
        f"--pgdata={cluster}",
        f"--username={SUPERUSER}",
        f"--pwfile={password}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        "--data-checksums",
        *([] if house.durable else ["--no-sync"]),
    ]


def _require_version(house: House) -> None:
    found = (house.database / "PG_VERSION").read_text().strip()
    if found != POSTGRES_MAJOR:
        raise Refusal(
            f"{house.database} was made by PostgreSQL {found}; this version brings {POSTGRES_MAJOR}. See docs/operations.md, Upgrading."
        )


def _write_settings(house: House) -> None:
    settings = SETTINGS | {"unix_socket_directories": f'"{house.server_sockets}"'}
    if not house.durable:
        settings |= FOR_TESTS
    text = "# Written at every start by ops/postgres.py.\n" + "".join(f"{name} = {_quoted(value)}\n" for name, value in settings.items())
    house.keeper.write(house.database / "postgresql.conf", text)


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"

"""PostgreSQL and Redis of a proof's own, set up to survive a loss of power as a practice's are: to be killed, frozen and filled."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import psycopg2
from django.db import connections
from psycopg2.sql import SQL, Identifier

from ops.engine import postgres_program
from ops.house import House, open_house
from ops.postgres import await_postgres, connect, postgres_command, prepare_cluster
from ops.redis import await_redis, prepare_redis, redis_command, redis_url
from ops.roles import DATABASE, OWNER, URLS, WEB, WORKER, settle_roles, url
from ops.secrets import MAKERS, settle_secrets
from tests.conftest import TEMPLATE, on_database


def descendants(pid: int) -> list[int]:
    """Every process below ``pid``, as it is now."""
    with suppress(FileNotFoundError, ProcessLookupError):
        children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        return [*children, *(below for child in children for below in descendants(child))]
    return []


@dataclass
class Server:
    """One server in the foreground, started again by whoever looks after it."""

    command: list[str]
    house: House
    log: Path
    environ: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environ = {"PATH": os.defpath, "LC_ALL": "C", **self.environ, **dict([self.house.mark.split("=", 1)])}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd="/", env=environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **self.house.keeper.spawn()
            )

    @property
    def pids(self) -> list[int]:
        return [self.process.pid, *descendants(self.process.pid)] if self.process else []

    def send(self, number: int) -> None:
        """To every process of it."""
        for pid in self.pids:
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def kill(self) -> None:
        """kill -9 of all its processes."""
        self.send(signal.SIGKILL)
        if self.process:
            self.process.wait(30)

    def stop(self, number: int = signal.SIGINT) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(60)
        self.kill()


@dataclass
class Stand:
    """The servers and where they are."""

    house: House
    postgres: Server
    redis: Server

    def start_postgres(self, tries: int = 300, **settings: str) -> None:
        """As the process manager does: again and again until it answers, as the killed one's memory may be held for a moment.

        Raises AssertionError after so many ``tries``.
        """
        self.postgres.command = [*postgres_command(self.house), *(f"--{name}={value}" for name, value in settings.items())]
        for _ in range(tries):
            if self.postgres.process is None or self.postgres.process.poll() is not None:
                self.postgres.start()
            with suppress(Exception):
                await_postgres(self.house, patience=1)
                return
        raise AssertionError(self.postgres.log.read_text()[-2000:])

    def start_redis(self) -> None:
        prepare_redis(self.house)
        self.redis.start()
        await_redis(self.house)

    @property
    def redis_socket(self) -> Path:
        return self.house.server_sockets / "redis.sock"

    def urls(self, name: str = DATABASE, host: str = "") -> dict[str, str]:
        """The three addresses of the database ``name``; ``host`` where somebody stands between."""
        found = {key: on_database(url(self.house, role), name) for key, role in URLS.items()}
        if not host:
            return found
        straight = quote(str(self.house.server_sockets), safe="")
        return {key: value.replace(f"@/{name}?host={straight}", f"@{host}/{name}") for key, value in found.items()}

    def says(self, statement: SQL | str, name: str = "postgres") -> None:
        """By the superuser, each by itself."""
        link = connect(self.house, name)
        link.autocommit = True
        with link.cursor() as cursor:
            cursor.execute(statement)
        link.close()

    def fresh(self) -> str:
        """A copy of the migrated database; its name."""
        name = f"proof_{uuid.uuid4().hex[:8]}"
        self.says(
            SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY FILE_COPY").format(
                Identifier(name), Identifier(OWNER), Identifier(DATABASE)
            )
        )
        self.says(SQL("GRANT CONNECT ON DATABASE {} TO {}, {}").format(Identifier(name), Identifier(WEB), Identifier(WORKER)))
        return name


def _migrated(house: House) -> None:
    """The test servers' migrated template, brought over: quicker than to migrate once more."""
    tests = Path(os.environ["SUBROSA_VAR"]) / "secrets" / "postgres-superuser"
    there, here = urlsplit(os.environ["DATABASE_URL"]), house.secrets / "postgres-superuser"
    sockets = unquote(there.query.partition("host=")[2])
    dump = subprocess.run(
        [postgres_program(house, "pg_dump"), "--format=custom", f"--host={sockets}", "--username=postgres", TEMPLATE],
        env={"PATH": os.defpath, "PGPASSWORD": tests.read_text().strip()}, check=True, capture_output=True,
    ).stdout  # fmt: skip
    subprocess.run(
        [postgres_program(house, "pg_restore"), f"--host={house.server_sockets}", "--username=postgres", f"--dbname={DATABASE}"],
        env={"PATH": os.defpath, "PGPASSWORD": here.read_text().strip()}, input=dump, check=True, capture_output=True,
    )  # fmt: skip


@contextmanager
def stand() -> Iterator[Stand]:
    """The servers, up and with a migrated database, while inside."""
    place = Path(tempfile.mkdtemp(prefix="stand", dir="/var/tmp"))
    place.chmod(0o755)
    house = open_house(place / "var")
    found = Stand(house, Server([], house, house.log / "postgres.log"), Server(redis_command(house), house, house.log / "redis.log"))
    try:
        settle_secrets(house.secrets, False, [name for name in MAKERS if name.startswith("postgres-")])
        prepare_cluster(house)
        found.start_postgres()
        settle_roles(house)
        _migrated(house)
        found.start_redis()
        yield found
    finally:
        for server in (found.postgres, found.redis):
            server.send(signal.SIGCONT)
            server.stop()
        for path in {house.data, house.sockets, place}:
            shutil.rmtree(path, ignore_errors=True)


def _addressed(connection: Any, address: str) -> dict[str, Any]:
    parts = urlsplit(address)
    told = {"NAME": parts.path.lstrip("/"), "USER": parts.username, "PASSWORD": unquote(parts.password or "")}
    told["HOST"] = unquote(parts.query.partition("host=")[2]) or parts.hostname
    before = {name: connection.settings_dict[name] for name in told}
    connection.close()
    connection.settings_dict |= told
    return before


@contextmanager
def moved_in(found: Stand, blocker: Any) -> Iterator[str]:
    """A fresh database there, Django connected to it, and everything that is started from here too; its name."""
    name, connection = found.fresh(), connections["default"]
    told = found.urls(name) | {"REDIS_URL": redis_url(found.house)}
    before = {key: os.environ[key] for key in told}
    with blocker.unblock():
        kept = _addressed(connection, told["DATABASE_URL"])
        os.environ |= told
        try:
            yield name
        finally:
            connection.close()
            connection.settings_dict |= kept
            os.environ |= before
            with suppress(psycopg2.Error):  # it stays where the server was left down
                found.says(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


def answers(address: str) -> bool:
    """Whether the database at ``address`` takes a connection."""
    try:
        psycopg2.connect(address, connect_timeout=3).close()
    except psycopg2.OperationalError:
        return False
    return True


def until(is_so: Any, longest: float = 60) -> float:
    """Wait until ``is_so()``; returns the seconds it took. Raises AssertionError after ``longest``."""
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < longest, f"not so within {longest} s"
        time.sleep(0.1)
    return time.monotonic() - began

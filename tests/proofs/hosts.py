"""Several machines, as far as one can be several: servers and processes that share nothing but PostgreSQL and Redis over TCP.

Each machine is an address of the loopback network with files of its own; none is told a socket or a folder of another's.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
from django.db import connection

from ops.engine import postgres_program, redis_program
from ops.house import House as Var
from ops.house import open_house
from ops.parts import COMMANDS
from ops.postgres import SUPERUSER, await_postgres, connect, postgres_command, prepare_cluster
from ops.roles import DATABASE, URLS, settle_roles
from ops.secrets import MAKERS, read_secret, settle_secrets
from tests.conftest import ROOT, TEMPLATE
from vault import keys

from .stolen.loot import _program, superuser

NET = f"127.{20 + os.getpid() % 200}.{1 + os.getpid() // 200 % 250}"
REPLICA = "subrosa_replica"
_DOORS = "local all all scram-sha-256\nhost all all 127.0.0.0/8 scram-sha-256\nhost replication all 127.0.0.0/8 scram-sha-256\n"


def address(number: int) -> str:
    """The address of a machine."""
    return f"{NET}.{number}"


def until(true: Callable[[], bool], patience: float = 120, why: str = "waited in vain") -> float:
    """Wait until it is so; answers how long that took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() < began + patience, why
        time.sleep(0.05)
    return time.monotonic() - began


@contextmanager
def place() -> Iterator[Path]:
    """A folder that the servers' account can walk through; nothing of it is left."""
    found = Path(tempfile.mkdtemp(prefix="hosts-"))
    found.chmod(0o711)
    try:
        yield found
    finally:
        shutil.rmtree(found, ignore_errors=True)


@dataclass
class Postgres:
    """One PostgreSQL server on a machine of its own, reached by its address."""

    var: Var
    host: str
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @classmethod
    def new(cls, at: Path, host: str, **settings: str) -> Postgres:
        """A primary with roles and an empty database."""
        found = cls(open_house(at), host, settings)
        settle_secrets(found.var.secrets, False, list(MAKERS))
        prepare_cluster(found.var)
        found.start()
        settle_roles(found.var)
        found.say(f"CREATE ROLE {REPLICA} LOGIN REPLICATION PASSWORD '{read_secret(found.var.secrets, 'postgres-superuser')}'")
        return found

    def follower(self, at: Path, host: str, *more: str) -> Postgres:
        """A copy of this one that follows it, made by pg_basebackup over the network."""
        found = Postgres(open_house(at), host)
        shutil.copytree(self.var.secrets, found.var.secrets, dirs_exist_ok=True)
        self.copy(found, "--write-recovery-conf", "--wal-method=stream", *more)
        found.start()
        return found

    def copy(self, to: Postgres, *how: str) -> None:
        """A base backup of this server as the files of ``to``."""
        to.var.database.mkdir()
        to.var.keeper.own(to.var.database, 0o700)
        told = {"PGPASSWORD": read_secret(self.var.secrets, "postgres-superuser")}
        to.run("pg_basebackup", "-h", self.host, "-U", REPLICA, "-D", str(to.var.database), "--checkpoint=fast", *how, **told)

    def run(self, name: str, *arguments: str, **environ: str) -> str:
        """One of PostgreSQL's programs, as the account of the servers."""
        command, told = [postgres_program(self.var, name), *arguments], {"PATH": os.defpath, "LC_ALL": "C", **environ}
        done = subprocess.run(command, cwd="/", env=told, capture_output=True, text=True, check=False, **self.var.keeper.spawn())
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, *, wait: bool = True) -> None:
        self.var.keeper.write(self.var.database / "pg_hba.conf", _DOORS)
        (self.var.database / "postmaster.pid").unlink(missing_ok=True)
        told = {"listen_addresses": self.host, "unix_socket_directories": str(self.var.server_sockets), **self.settings}
        command = [*postgres_command(self.var), *[word for name, value in told.items() for word in ("-c", f"{name}={value}")]]
        with (self.var.log / "postgres.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd="/", env={"PATH": os.defpath, "LC_ALL": "C"}, stdout=log, stderr=log, **self.var.keeper.spawn()
            )
        if wait:
            await_postgres(self.var)

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """INT: the fast shutdown. QUIT: the immediate one. KILL: as when the machine is gone; its children end by themselves."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(60)

    def say(self, *statements: str) -> list[Any]:
        """As the superuser, each by itself; the rows of the last."""
        link = connect(self.var)
        link.autocommit = True
        try:
            with link.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            link.close()

    def log(self) -> str:
        return (self.var.log / "postgres.log").read_text(errors="replace")


def urls(*servers: Postgres, port: int = 5432, via: str = "") -> dict[str, str]:
    """The three addresses of the database: by these servers, of which the one that writes is looked for, or ``via`` a pooler."""
    hosts = via or ",".join(server.host for server in servers)
    more = "&target_session_attrs=read-write" if len(servers) > 1 and not via else ""
    found = {}
    for name, role in URLS.items():
        password = quote(read_secret(servers[0].var.secrets, f"postgres-{role}"), safe="")
        found[name] = f"postgresql://{role}:{password}@/{DATABASE}?host={hosts}&port={','.join([str(port)] * len(hosts.split(',')))}{more}"
    return found


@contextmanager
def redis(at: Path, host: str) -> Iterator[str]:
    """A Redis on a machine of its own, with a password; yields its address."""
    var, word = open_house(at), secrets.token_urlsafe(16)
    told = f'bind {host}\nport 6379\nrequirepass {word}\nsave ""\nappendonly no\nmaxmemory-policy noeviction\ndir "{var.broker}"\n'
    var.keeper.write(var.broker / "redis.conf", told)
    with (var.log / "redis.log").open("ab") as log:
        process = subprocess.Popen([redis_program(var), str(var.broker / "redis.conf")], stdout=log, stderr=log, **var.keeper.spawn())
    try:
        yield f"redis://:{word}@{host}:6379/0"
    finally:
        process.terminate()
        process.wait(20)


@dataclass
class Machine:
    """A machine with a web or a worker: its address, its folder, and what it is told."""

    host: str
    place: Path
    told: dict[str, str]
    parts: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def site(self) -> str:
        return f"http://{self.host}:8000"

    def start(self, part: str, *more: str) -> None:
        """web, worker or beat, by the very command of ``make run``."""
        own = {"web": ["--host", self.host, "--port", "8000"], "beat": ["--schedule", str(self.place / "schedule")]}
        command = [sys.executable, "-m", *COMMANDS[part], *own.get(part, []), *more]
        environ = self.told | {"SUBROSA_AS": "web" if part == "web" else "worker", "SUBROSA_VAR": str(self.place), "PYTHONUNBUFFERED": "1"}
        with (self.place / f"{part}.log").open("ab") as log:
            self.parts[part] = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log, start_new_session=True)

    def stop(self, part: str) -> None:
        """In peace, as at an update."""
        self.parts[part].terminate()
        self.parts[part].wait(60)

    def kill(self, part: str) -> None:
        """The machine is gone: every process of the part at once."""
        os.killpg(self.parts[part].pid, signal.SIGKILL)
        self.parts[part].wait(30)

    def log(self) -> str:
        return "".join(path.read_text(errors="replace") for path in self.place.glob("*.log"))


@contextmanager
def machines(at: Path, told: dict[str, str], numbers: list[int]) -> Iterator[list[Machine]]:
    """Machines with these addresses, on which nothing runs yet; whatever runs is ended."""
    found = []
    for number in numbers:
        (own := at / f"machine-{number}").mkdir()
        (own / "mail").mkdir()
        found.append(Machine(address(number), own, told | {"MAIL_DIR": str(own / "mail"), "TRAIL_ANCHOR": str(own / "anchors.jsonl")}))
    with ExitStack() as stack:
        for machine in found:
            stack.callback(_end, machine)
        yield found


def _end(machine: Machine) -> None:
    for part in machine.parts.values():
        if part.poll() is None:
            part.terminate()
    for part in machine.parts.values():
        try:
            part.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(part.pid, signal.SIGKILL)
            part.wait(30)


def told(database: dict[str, str], broker: str) -> dict[str, str]:
    """What every machine is told: the demo's door policy (staff without a second factor), this process's keys, and none of its servers."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_URL", "REDIS_URL", "GRANIAN", "PG"))}
    hosts = ",".join(address(number) for number in range(1, 30))
    own = {
        "SITE_URL": f"http://{address(1)}",
        "ALLOWED_HOSTS": hosts,
        "SUBROSA_DEMO": "1",
        "SUBROSA_TESTING": "1",
        "LOG_REQUESTS": "1",
        "REDIS_URL": broker,
    }
    return kept | database | own


@contextmanager
def connected(database: dict[str, str], role: str = "DATABASE_URL") -> Iterator[None]:
    """Django of this very process on that database."""
    from config import env

    before = dict(connection.settings_dict)
    connection.close()
    with _environ(database):
        connection.settings_dict |= env.database(role, "subrosa-proof")
    keys.forget_practice_keys()
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict |= before
        keys.forget_practice_keys()


@contextmanager
def _environ(more: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in more}
    os.environ |= more
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def fill(server: Postgres, at: Path) -> None:
    """The migrated, empty database that all tests begin with, on that server: by a dump, as the superuser of both."""
    _run(superuser(), "pg_dump", "-Fc", "-f", str(at / "template"), TEMPLATE)
    there = {"host": str(server.var.server_sockets), "user": SUPERUSER, "password": read_secret(server.var.secrets, "postgres-superuser")}
    _run(there, "pg_restore", "--exit-on-error", "-d", DATABASE, str(at / "template"))


def _run(who: dict[str, str], name: str, *arguments: str) -> None:
    command = [_program(name), "-h", who["host"], "-U", who["user"], *arguments]
    done = subprocess.run(command, env={**os.environ, "PGPASSWORD": who["password"]}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def answers(machine: Machine) -> bool:
    """Whether its web does."""
    import urllib.error
    import urllib.request

    assert machine.parts["web"].poll() is None, machine.log()
    try:
        with urllib.request.urlopen(f"{machine.site}/accounts/login/", timeout=20) as answer:  # noqa: S310 (our own address)
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def is_primary(server: Postgres) -> bool:
    """Whether it takes writes."""
    try:
        return not server.say("SELECT pg_is_in_recovery()")[0][0]
    except psycopg2.OperationalError:
        return False

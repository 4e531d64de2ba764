"""A house of the bench: a database of its own under var/, seeded once, and the real server in front of it."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ops.chores import manage, say
from ops.environment import contract
from ops.house import CHECKOUT, House, held, make_var, open_house
from ops.parts import COMMANDS, HIDDEN
from ops.postgres import connect
from ops.refusal import Refusal
from ops.roles import DATABASE, WEB
from ops.servers import servers

BYPASS = "subrosa_bench"  # a role like the web's that row-level security lets pass: how much the second lock costs


@dataclass(frozen=True)
class Size:
    """How much a house holds."""

    clients: int
    notes: int
    lines: int


@dataclass
class Bench:
    """One running house: where it answers, who is signed in, and what they open."""

    house: House
    told: dict[str, str]
    port: int = 0
    people: dict[str, Any] = field(default_factory=dict)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def ids(self, name: str) -> list[str]:
        """The ids found under ``name`` by bench/people.py."""
        found: list[str] = self.people["ids"][name]
        return found


@contextmanager
def opened(var: Path, environ: Mapping[str, str], size: Size) -> Iterator[Bench]:
    """The house of ``size`` below ``var``, its servers up and its data there, while inside."""
    place = make_var(var / f"{size.clients}-{size.notes}-{size.lines}")
    clean = {key: value for key, value in environ.items() if not key.startswith(("DATABASE_URL", "REDIS_URL", "SITE_URL"))}
    with held(place):
        house, port = open_house(place), _free_port()
        told = contract(house, clean | {"SUBROSA_DEMO": "0", "PORT": str(port), "DJANGO_SETTINGS_MODULE": "bench.settings"})
        with servers(house, clean | {"SUBROSA_DEMO": "0"}, []):
            say(f"{size.clients:,} clients, {size.notes:,} notes, {size.lines:,} lines of the trail")
            manage(house, told, "owner", "migrate", "--no-input", "--verbosity", "0")
            manage(house, told, "web", "collectstatic", "--no-input", "--verbosity", "0")
            bench = Bench(house, told, port)
            _script(bench, "bench.seed", str(size.clients), str(size.notes), str(size.lines))
            bench.people = json.loads(_script(bench, "bench.people", quiet=True))
            try:
                _serve(bench, told, port)
                yield bench
            finally:
                _end(bench)


def without_second_lock(bench: Bench) -> int:
    """Another server on the same database whose role row-level security lets pass; returns its port."""
    password, port = secrets.token_urlsafe(24), _free_port()
    link = connect(bench.house, DATABASE)
    link.autocommit = True
    with link.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [BYPASS])
        verb = "ALTER" if cursor.fetchone() else "CREATE"
        cursor.execute(
            f"{verb} ROLE {BYPASS} LOGIN BYPASSRLS PASSWORD %s; GRANT {WEB} TO {BYPASS}; GRANT CONNECT ON DATABASE {DATABASE} TO {BYPASS}",
            [password],
        )
    link.close()
    address = f"postgresql://{BYPASS}:{password}@/{DATABASE}?host={bench.house.server_sockets}"
    _serve(bench, {key: value for key, value in bench.told.items() if key != "DATABASE_URL_FILE"} | {"DATABASE_URL": address}, port)
    return port


def worker_of(bench: Bench) -> list[int]:
    """The process ids of the workers of the first server."""
    parent = bench.processes[0].pid
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(child) for child in children]


def memory(pid: int) -> tuple[float, float]:
    """Proportional and resident memory of a process in MB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    found = {line.split(":")[0]: int(line.split()[1]) for line in lines[1:]}
    return found["Pss"] / 1000, found["Rss"] / 1000


def _as_web(told: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in told.items() if key not in HIDDEN["web"]} | {"SUBROSA_AS": "web"}


def _script(bench: Bench, module: str, *arguments: str, quiet: bool = False) -> str:
    pipe = subprocess.PIPE if quiet else None
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=CHECKOUT, env=_as_web(bench.told), stdout=pipe, text=True, check=False
    )
    if done.returncode:
        raise Refusal(f"`python -m {module}` failed.")
    return done.stdout or ""


def _serve(bench: Bench, told: Mapping[str, str], port: int) -> None:
    """The product's own command line of the web server, with the bench's application in place of the product's."""
    command = [*COMMANDS["web"][:-1], "bench.wsgi:application", "--host", "127.0.0.1", "--port", str(port)]
    with open(bench.house.log / f"web-{port}.log", "wb") as log:
        server = subprocess.Popen([sys.executable, "-m", *command], cwd=CHECKOUT, env=_as_web(told), stdout=log, stderr=log)
    bench.processes.append(server)
    for _ in range(200):
        if _answers(port):
            return
        time.sleep(0.1)
    raise Refusal(f"The web server does not answer. Its log: {bench.house.log / f'web-{port}.log'}")


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def _end(bench: Bench) -> None:
    for process in bench.processes:
        process.terminate()
    for process in bench.processes:
        process.wait(30)


def _free_port() -> int:
    first = int(os.environ.get("BENCH_PORT", "0"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", first))
        return int(probe.getsockname()[1])

"""The parts of a running house, as the process manager sees them."""

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from ops.environment import OWNER_ONLY, TRAIL_ONLY, WEB_ONLY, WORKER_ONLY
from ops.house import House
from ops.postgres import postgres_command
from ops.processes import sweep
from ops.redis import redis_command
from ops.refusal import Refusal


@dataclass(frozen=True)
class Part:
    """One program under the manager. Lower `order` starts earlier and stops later."""

    name: str
    command: list[str]
    order: int
    stop_signal: str = "TERM"
    patience: int = 15
    user: str = "root"
    group: str = ""


def server_parts(house: House, postgres: bool = True, redis: bool = True) -> list[Part]:
    """The embedded servers that are wanted, with an environment of their own that holds nothing of ours."""
    clean = ["/usr/bin/env", "-i", f"PATH={os.defpath}", "LC_ALL=C", house.mark]
    user, parts = house.keeper.name, []
    if postgres:
        # INT is PostgreSQL's fast shutdown: clients are sent away, everything is written.
        parts.append(Part("postgres", clean + postgres_command(house), 10, "INT", 60, user))
    if redis:
        parts.append(Part("redis", clean + redis_command(house), 20, "TERM", 10, user))
    return parts


def house_parts(names: Iterable[str]) -> list[Part]:
    """Web, worker and beat, those of them that are wanted. Each starts through `become`, which ends what a killed one left behind."""
    through = [sys.executable, "-m", "ops", "part"]
    return [Part(name, [*through, name], 30, patience=30, group="house") for name in names]


COMMANDS = {
    "web": [
        "granian",
        "--interface",
        "wsgi",
        "--workers",
        "2",
        "--respawn-failed-workers",
        "--respawn-interval",
        "0.5",
        "--workers-kill-timeout",
        "25",
        "--no-ws",
        "--log-config",
        "config/granian.json",
        "config.wsgi:application",
    ],
    "worker": [
        "celery",
        "--quiet",
        "-A",
        "config.celery",
        "worker",
        "--concurrency",
        "2",
        "--without-gossip",
        "--without-mingle",
        "--loglevel",
        "info",
    ],
    "beat": ["celery", "--quiet", "-A", "config.celery", "beat", "--pidfile=", "--loglevel", "info"],
}
# A process is not given the keys to doors it has no business at.
HIDDEN = {
    "web": (*WORKER_ONLY, *OWNER_ONLY, *TRAIL_ONLY),
    "worker": (*WEB_ONLY, *OWNER_ONLY),
    "beat": (*WEB_ONLY, *OWNER_ONLY),
}


def become(house: House, name: str) -> None:
    """Turn this process into the part `name`. Does not return. Raises Refusal for a name that is no part."""
    if name not in COMMANDS:
        raise Refusal(f"There is no part {name}: only {', '.join(COMMANDS)}.")
    sweep(house, f"SUBROSA_PART={name}", patience=3)
    environ = {key: value for key, value in os.environ.items() if key not in HIDDEN[name]}
    environ["SUBROSA_PART"] = name
    environ["SUBROSA_AS"] = "web" if name == "web" else "worker"
    os.execve(sys.executable, [sys.executable, "-m", *COMMANDS[name], *_arguments(house, name)], environ)  # noqa: S606  (no shell is the point)


def _arguments(house: House, name: str) -> list[str]:
    if name == "web":
        return ["--host", os.environ["BIND"], "--port", os.environ["PORT"]]
    if name == "worker" and os.environ.get("SUBROSA_KEEPER") == "0":
        return ["-Q", "celery"]  # the files of the trail's seals are another machine's: config/celery.py
    if name == "beat":
        return ["--schedule", str(house.var / "beat" / "schedule")]
    return []

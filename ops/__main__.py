"""`python -m ops <command>`: what the Makefile calls."""

import argparse
import os
import sys
from pathlib import Path

from ops.checks import check
from ops.chores import become_manage
from ops.house import CHECKOUT, open_house
from ops.masters import add_master, drop_master
from ops.parts import become
from ops.refusal import Refusal
from ops.run import reset_demo, run, run_servers
from ops.scratch import run_scratch
from ops.stopping import Stop, listen
from ops.suite import run_tests

COMMANDS = {
    "run": "the whole house, until Ctrl-C",
    "services": "only PostgreSQL and Redis, until Ctrl-C",
    "reset-demo": "remove the demo's data and start over",
    "test": "the test suite on servers of its own; what follows goes to pytest",
    "check": "linters, types, deployment check, architecture tests",
    "manage": "a command of manage.py, while the house runs; what follows goes to it",
    "add-master": "a new master key, the newest from the next start on; the old ones stay",
    "drop-master": "take an old master key out of the ring, once it wraps nothing; its id follows",
    "scratch": "an empty PostgreSQL in the folder that follows, until its input ends; for drills of a restore",
    "part": "for the process manager only",
}


def main(arguments: list[str]) -> int:
    """Run one command; returns the exit code: 0 also after Ctrl-C or SIGTERM, 1 when the start was refused."""
    parser = argparse.ArgumentParser(prog="python -m ops", description="Runs Sub Rosa.")
    parser.add_argument("command", choices=COMMANDS, help="; ".join(f"{name}: {what}" for name, what in COMMANDS.items()))
    parser.add_argument("rest", nargs=argparse.REMAINDER)
    chosen = parser.parse_args(arguments)
    try:
        return _do(chosen.command, [each for each in chosen.rest if each != "--"])
    except Refusal as refusal:
        print(f"\n{refusal}", file=sys.stderr, flush=True)
        return 1
    except PermissionError as error:
        print(f"\n{error.filename} belongs to another account. Start as that one.", file=sys.stderr, flush=True)
        return 1


def _do(command: str, rest: list[str]) -> int:
    var = Path(os.environ.get("SUBROSA_VAR") or CHECKOUT / "var").absolute()
    if command == "part":
        become(open_house(var), *rest)
    if command == "manage":
        become_manage(open_house(var), os.environ, rest)
    if command in ("add-master", "drop-master"):
        _change_ring(command, var, rest)
        return 0
    listen()
    try:
        return _run(command, var, rest)
    except Stop as stop:
        print("\nStopped.", flush=True)
        return 128 + stop.number if command in ("test", "check") else 0


def _change_ring(command: str, var: Path, rest: list[str]) -> None:
    if command == "add-master":
        add_master(open_house(var), os.environ)
    else:
        drop_master(open_house(var), os.environ, rest[0] if rest else "")


def _run(command: str, var: Path, rest: list[str]) -> int:
    environ = dict(os.environ)
    if command == "test":
        return run_tests(var, environ, rest)
    if command == "check":
        return check(var, environ)
    if command == "scratch":
        run_scratch(Path(rest[0]), sys.stdin)
        return 0
    if command == "reset-demo":
        reset_demo(var)
    (run_servers if command == "services" else run)(var, environ)
    return 0


sys.exit(main(sys.argv[1:]))

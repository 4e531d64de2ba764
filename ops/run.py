"""The commands that keep something running: the whole house, only its servers, and starting a demo over."""

import http.client
import os
import shutil
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

from ops.banner import banner
from ops.chores import do_chores, say
from ops.environment import chosen_parts, contract, exports, is_demo
from ops.house import House, held, holder, is_held, make_var, open_house, read_kind, settle_kind
from ops.manager import Manager
from ops.night import Night
from ops.parts import house_parts
from ops.ports import read_port, require_free
from ops.processes import sweep
from ops.refusal import Refusal
from ops.servers import servers


def run(var: Path, environ: Mapping[str, str]) -> None:
    """Run the whole house until a stop signal (Stop). If its process manager is killed, everything starts again.

    Raises Refusal when the port is taken, another run holds `var`, or a part cannot start.
    """
    with _entered(var, environ) as house:
        told, parts = contract(house, environ), chosen_parts(environ)
        if "web" in parts:
            require_free(told["BIND"], read_port(told["PORT"]))
        while True:
            say("Starting the database")
            with servers(house, environ, house_parts(parts)) as manager:
                _open(house, manager, environ)
                _watch(manager, Night(house, environ))
            say("The process manager ended unexpectedly. Starting again")


def run_servers(var: Path, environ: Mapping[str, str]) -> None:
    """Run only PostgreSQL and Redis until a stop signal (Stop), and print how to reach them."""
    with _entered(var, environ) as house:
        while True:
            with servers(house, environ, []) as manager:
                print("\n".join(exports(house, environ)), flush=True)
                print("# PostgreSQL and Redis answer. Ctrl-C stops them.", flush=True)
                _watch(manager, Night(house, environ))
            say("The process manager ended unexpectedly. Starting again")


def reset_demo(var: Path) -> None:
    """Stop the demo if it runs, and remove its database, queue, mail and anchors. Secrets stay.

    Raises Refusal when `var` holds anything but a demo.
    """
    house = open_house(var)
    kind = read_kind(house)
    if kind != "demo" and (kind or house.database.exists()):
        raise Refusal(f"{house.data} does not hold a demo. Nothing was removed.")
    _stop_other(house.var)
    with held(house.var):
        sweep(house)
        _remove(house)


@contextmanager
def _entered(var: Path, environ: Mapping[str, str]) -> Iterator[House]:
    """The house at `var`, locked for us and free of strays."""
    var = make_var(var)
    with held(var):
        house = open_house(var)
        settle_kind(house, is_demo(environ))
        sweep(house)
        yield house


def _open(house: House, manager: Manager, environ: Mapping[str, str]) -> None:
    demo, told, parts = is_demo(environ), contract(house, environ), chosen_parts(environ)
    do_chores(house, environ, demo)
    say("Opening the doors")
    manager.start_part(*(f"house:{name}" for name in parts))
    if "web" not in parts:
        say(f"Running here: {', '.join(parts)}. Logs: {house.log}")
        return
    if trouble := _await_health(told["BIND"], int(told["PORT"]), manager):
        say(f"Not everything answers yet ({trouble}). Logs: {house.log}")
    print(banner(house, told["SITE_URL"], demo), flush=True)


def _await_health(host: str, port: int, manager: Manager, patience: float = 60) -> str:
    """Wait until every part answers; returns what is still ill when patience ends, or nothing."""
    deadline, trouble = time.monotonic() + patience, "the web"
    while manager.is_alive() and time.monotonic() < deadline:
        trouble = _ask_health(host, port)
        if not trouble:
            return ""
        time.sleep(0.25)
    return trouble


def _ask_health(host: str, port: int) -> str:
    link = http.client.HTTPConnection(host, port, timeout=5)
    try:
        link.request("GET", "/healthz")
        answer = link.getresponse()
        said = answer.read(2000).decode(errors="replace").strip().replace("\n", ", ")
        return said if answer.status == HTTPStatus.SERVICE_UNAVAILABLE else ""
    except (OSError, http.client.HTTPException):
        return "the web"
    finally:
        link.close()


def _watch(manager: Manager, night: Night) -> None:
    """Look after the parts, and for a backup that is asked for, until the manager itself is gone."""
    while manager.is_alive():
        time.sleep(1)
        night.look()
        try:
            manager.revive()
        except Refusal:
            continue


def _stop_other(var: Path) -> None:
    """End the run that holds `var`, if any, and wait until it has put everything away."""
    deadline = time.monotonic() + 150
    if is_held(var):
        os.kill(holder(var), signal.SIGTERM)
    while is_held(var):
        if time.monotonic() > deadline:
            raise Refusal(f"The running demo (process {holder(var)}) does not stop.")
        time.sleep(0.2)


def _remove(house: House) -> None:
    for path in (house.database, house.broker, house.var / "mail", house.var / "beat", house.var / "static", house.var / "anchors"):
        if path.exists():
            shutil.rmtree(path)
    for path in house.data.glob("postgres.half-made-*"):
        shutil.rmtree(path)
    (house.data / "demo.done").unlink(missing_ok=True)

"""Strays: processes of this house that an earlier run left behind."""

import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path

from ops.house import House

PROC = Path("/proc")


def strays(house: House, entry: str = "") -> list[int]:
    """The processes of this house (ourselves excepted), found by the mark that each carries in its environment, or,
    for the servers, which overwrite theirs, by the directory they work in.

    With `entry` (such as `SUBROSA_PART=web`), only those that carry this entry as well.
    """
    wanted = {house.mark.encode(), entry.encode()} - {b""}
    places = () if entry else (house.database, house.broker)
    everyone = (int(path.name) for path in PROC.iterdir() if path.name.isdigit())
    return [pid for pid in everyone if pid != os.getpid() and (_carries(pid, wanted) or _works_in(pid, places))]


def sweep(house: House, entry: str = "", patience: float = 15) -> None:
    """End every stray: the manager first (it stops its own), then politely, then by force. Nothing else is touched."""
    found = strays(house, entry)
    managers = [pid for pid in found if _is_manager(pid)]
    for group, wait in ((managers, patience), (found, patience)):
        _signal(group, signal.SIGTERM)
        _wait(group, wait)
    # A fast shutdown for a database that waits for its clients.
    _signal(found, signal.SIGINT)
    _wait(found, patience / 3)
    while remaining := strays(house, entry):
        _signal(remaining, signal.SIGKILL)
        _wait(remaining, 5)


def is_alive(pid: int) -> bool:
    """Whether process `pid` runs (a zombie does not)."""
    try:
        state = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return False
    return state not in "ZX"


def _carries(pid: int, wanted: set[bytes]) -> bool:
    try:
        return wanted <= set((PROC / str(pid) / "environ").read_bytes().split(b"\0"))
    except OSError:
        return False


def _works_in(pid: int, places: Iterable[Path]) -> bool:
    try:
        place = os.readlink(PROC / str(pid) / "cwd").removesuffix(" (deleted)")
    except OSError:
        return False
    return any(place == str(path) for path in places)


def _is_manager(pid: int) -> bool:
    try:
        return b"ops.warden" in (PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return False


def _signal(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def _wait(pids: Iterable[int], patience: float) -> None:
    deadline = time.monotonic() + patience
    while any(is_alive(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)

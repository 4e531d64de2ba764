"""Where everything of one running house lives: the layout of `var/`, its kind and its lock."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ops.keeper import Keeper, find_keeper
from ops.refusal import Refusal
from ops.sockets import find_sockets, passage

CHECKOUT = Path(__file__).resolve().parent.parent
ELSEWHERE = Path("/var/lib/subrosa")


@dataclass(frozen=True)
class House:
    """One `var/` and the servers that belong to it. `durable` is False only for the throwaway servers of the tests."""

    var: Path
    data: Path
    sockets: Path
    keeper: Keeper
    durable: bool = True

    @property
    def mark(self) -> str:
        """The environment entry that every process of this house carries, so that strays can be told from others."""
        return f"SUBROSA_HOUSE={self.var}"

    @property
    def database(self) -> Path:
        """PostgreSQL's data directory."""
        return self.data / "postgres"

    @property
    def broker(self) -> Path:
        """Redis's working directory."""
        return self.data / "redis"

    @property
    def server_sockets(self) -> Path:
        """The directory of the sockets of PostgreSQL and Redis."""
        return self.sockets / "db"

    @property
    def log(self) -> Path:
        """The directory of all logs."""
        return self.var / "log"

    @property
    def secrets(self) -> Path:
        """The directory of the secrets."""
        return self.var / "secrets"

    @property
    def has_database(self) -> bool:
        """Whether a finished database cluster is there."""
        return (self.database / "PG_VERSION").exists()


def open_house(var: Path, durable: bool = True) -> House:
    """Make or find the directories of the house at `var` (modes set, nothing started).

    When root works in a place that the servers' account cannot enter, their files go below /var/lib/subrosa instead:
    directories above ours keep their permissions. Raises Refusal when no place fits.
    """
    var = make_var(var)
    keeper = find_keeper(var / "postgres")
    data = var if keeper.can_use(var) else _elsewhere(var)
    if data != var:
        keeper = find_keeper(data / "postgres")
    sockets = find_sockets(data, remembered_in=var / "sockets.path")
    house = House(var, data, sockets, keeper, durable)
    for path in (house.server_sockets, house.broker):
        path.mkdir(exist_ok=True)
        keeper.own(path, 0o700)
    return house


def make_var(var: Path) -> Path:
    """Make `var` and the private directories in it; returns its real path."""
    var.mkdir(parents=True, exist_ok=True)
    var = var.resolve()
    os.chmod(var, passage())
    for name in ("log", "mail", "secrets", "beat", "anchors"):
        (var / name).mkdir(exist_ok=True)
        os.chmod(var / name, 0o700)
    return var


def _elsewhere(var: Path) -> Path:
    path = ELSEWHERE / hashlib.sha256(os.fsencode(var)).hexdigest()[:12]
    path.mkdir(parents=True, exist_ok=True)
    for ours in (ELSEWHERE, path):
        os.chmod(ours, passage())
    return path


def settle_kind(house: House, demo: bool) -> None:
    """Record at the first start whether this house is the demo or a practice; the record lies with the data.

    Raises Refusal when it is the other one, or when there is data that nobody recorded: it may be a practice.
    """
    wanted, found = ("demo" if demo else "practice"), read_kind(house)
    if found is None and house.has_database and demo:
        found = "practice"
    if found is None:
        (house.data / "kind").write_text(wanted + "\n")
    elif found != wanted:
        raise Refusal(
            f"{house.data} holds a {found}, and this start is for a {wanted}. The two never mix.\n"
            f"Set SUBROSA_DEMO={1 if found == 'demo' else 0} to start what is there, or SUBROSA_VAR to use another place."
        )


def read_kind(house: House) -> str | None:
    """`demo`, `practice`, or None when nothing was ever started there."""
    try:
        return (house.data / "kind").read_text().strip() or None
    except FileNotFoundError:
        return None


@contextmanager
def held(var: Path) -> Iterator[None]:
    """Hold the lock of `var` while inside. The kernel lets go when we die. Raises Refusal when another run holds it."""
    with open(var / "lock", "a+") as lock:
        if not _take(lock.fileno()):
            raise Refusal(f"Sub Rosa already runs from {var} (process {holder(var)}). Stop that one first, with Ctrl-C.")
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_held(var: Path) -> bool:
    """Whether a run holds the lock of `var` right now."""
    if not (var / "lock").exists():
        return False
    with open(var / "lock", "a+") as lock:
        return not _take(lock.fileno())


def holder(var: Path) -> int:
    """The process id that last took the lock of `var`; 0 when unknown."""
    text = (var / "lock").read_text().strip()
    return int(text) if text.isdigit() else 0

"""Where the unix sockets go. The kernel allows 107 bytes for a socket's path, and checkouts sit deep."""

import os
import stat
import tempfile
from pathlib import Path

from ops.refusal import Refusal

LIMIT = 107
# As root the servers' account walks through to its own directory; nobody else can list anything.
PASSABLE = 0o711
LONGEST = len("/supervisor.sock.1234567")


def find_sockets(data: Path, remembered_in: Path) -> Path:
    """The directory for the sockets: `data`/sockets when its path is short enough, else a private one below the
    system's temporary directory, whose name is kept in `remembered_in` and found again at the next start.

    Raises Refusal when even that is too long.
    """
    near = data / "sockets"
    if fits(near):
        near.mkdir(exist_ok=True)
        os.chmod(near, passage())
        return near
    return _remembered(remembered_in, data) or _make(remembered_in, data)


def passage() -> int:
    """The mode of a directory that holds one of the servers' account: its own entrance as root, else only ours."""
    return PASSABLE if os.geteuid() == 0 else 0o700


def fits(directory: Path) -> bool:
    """Whether the longest socket name in `directory` stays within the kernel's limit."""
    return len(os.fsencode(directory)) + LONGEST <= LIMIT


def _remembered(remembered_in: Path, data: Path) -> Path | None:
    try:
        place, _, owner = remembered_in.read_text().strip().partition("\n")
        found = Path(place).lstat()
    except OSError:
        return None
    path = Path(place)
    # A copied var/ must not share the sockets of the original.
    mine = owner == str(data) and stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022
    return path if mine and fits(path) else None


def _make(remembered_in: Path, data: Path) -> Path:
    for parent in (tempfile.gettempdir(), "/tmp"):  # noqa: S108  (mkdtemp makes a private directory in it)
        path = Path(parent) / "subrosa-12345678"
        if fits(path):
            made = Path(tempfile.mkdtemp(prefix="subrosa-", dir=parent))
            os.chmod(made, passage())
            remembered_in.write_text(f"{made}\n{data}\n")
            return made
    raise Refusal("The path of the temporary directory is too long for a socket. Set TMPDIR to a short one.")

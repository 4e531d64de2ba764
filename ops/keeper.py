"""The account that the database servers run under."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ops.refusal import Refusal

ACCOUNT = "subrosa-db"


@dataclass(frozen=True)
class Keeper:
    """Who owns the servers' files: ourselves, or (as root) an account without rights, since PostgreSQL refuses root."""

    name: str
    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        """True when the servers run as somebody else than this process."""
        return self.uid != os.geteuid()

    def spawn(self) -> dict[str, Any]:
        """The arguments that make `subprocess` start a child as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_other else {}

    def can_use(self, path: Path) -> bool:
        """Whether this account may enter the directory, or run the file, at `path`; asked of the kernel."""
        asked = subprocess.run(["/usr/bin/test", "-x", str(path)], cwd="/", check=False, **self.spawn())
        return asked.returncode == 0

    def own(self, path: Path, mode: int) -> Path:
        """Give `path` (never a link) to this account with `mode`; returns it."""
        os.chmod(path, mode)
        if self.is_other:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)
        return path

    def write(self, path: Path, text: str) -> Path:
        """Write a file that only this account reads (0600), anew: a link that the account left there leads us, who may be
        root, nowhere. Returns its path."""
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w") as file:
            os.fchown(descriptor, self.uid, self.gid)
            file.write(text)
        return path


def find_keeper(data: Path) -> Keeper:
    """The account for the servers whose files are in `data`.

    A user runs them as himself. Root runs them as the owner of an existing database, else as `subrosa-db`,
    which is made when missing. Raises Refusal when it cannot be made.
    """
    if os.geteuid() != 0:
        return _keeper(pwd.getpwuid(os.geteuid()))
    if data.exists() and (owner := data.stat().st_uid) != 0:
        return _keeper(pwd.getpwuid(owner))
    return _keeper(_account())


def _keeper(entry: pwd.struct_passwd) -> Keeper:
    return Keeper(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        _make_account()
    return pwd.getpwnam(ACCOUNT)


def _make_account() -> None:
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    try:
        subprocess.run([*command, "--shell", "/usr/sbin/nologin", ACCOUNT], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Refusal(
            f"PostgreSQL does not run as root, and the system account {ACCOUNT} could not be made.\n"
            "Start Sub Rosa as an ordinary user, or make that account yourself."
        ) from error

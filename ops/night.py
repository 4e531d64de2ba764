"""The backup of the night: the worker asks for it with a file, and it is made by a process that lives no longer than it takes.

It needs the owner's address, to see every row. So no part that runs all day is given that.
"""

import subprocess
import sys
from collections.abc import Mapping

from ops.chores import HIDDEN
from ops.environment import contract
from ops.house import CHECKOUT, House

ASKED = "backup.asked"


class Night:
    """Looks whether a backup was asked for, and has one made at a time."""

    def __init__(self, house: House, environ: Mapping[str, str]) -> None:
        self.house, self.environ = house, environ
        self.process: subprocess.Popen[bytes] | None = None

    def look(self) -> None:
        """Begin a backup if one is asked for; returns at once. It carries the mark of the house, and ends with it."""
        if self.process is not None and self.process.poll() is None:
            return
        self.process = None
        try:
            (self.house.var / ASKED).unlink()
        except FileNotFoundError:
            return
        self.process = self._begin()

    def _begin(self) -> subprocess.Popen[bytes]:
        told = {key: value for key, value in contract(self.house, self.environ).items() if key not in HIDDEN["keeper"]}
        with open(self.house.log / "backup.log", "ab") as log:
            return subprocess.Popen(
                [sys.executable, "manage.py", "backup", "--skip-checks"],
                cwd=CHECKOUT,
                env={**told, "SUBROSA_AS": "owner"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

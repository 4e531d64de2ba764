"""How far a command is, in a line."""

from __future__ import annotations

import time
from typing import Any

WIDTH, EVERY = 30, 0.5  # seconds between two lines


class Progress:
    """Adds up bytes, and writes a line now and then."""

    def __init__(self, out: Any, total: int = 0) -> None:
        self.out, self.total, self.done = out, total, 0
        self.began = self.told = time.monotonic()

    def of(self, total: int) -> None:
        """There is so much."""
        self.total = total

    def add(self, size: int) -> None:
        """So much more is done."""
        self.done += size
        if time.monotonic() - self.told >= EVERY:
            self.told = time.monotonic()
            self.tell()

    def tell(self) -> None:
        """The line, of what is done so far."""
        share = min(1.0, self.done / self.total) if self.total else 0.0
        speed = self.done / max(time.monotonic() - self.began, 0.001) / 1e6
        line = f"[{'#' * int(WIDTH * share):.<{WIDTH}}] {share:4.0%}  {self.done / 1e6:,.1f} MB  {speed:,.0f} MB/s"
        self.out.write(f"\r{line}" if self.out.isatty() else line, ending="" if self.out.isatty() else "\n")
        self.out.flush()

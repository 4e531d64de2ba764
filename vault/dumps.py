"""A process that holds keys leaves no picture of its memory behind: no core file when it crashes, no reading by its neighbours."""

from __future__ import annotations

import ctypes
import resource
import sys

PR_SET_DUMPABLE = 4  # prctl(2); Linux alone has it


def keep_out_of_dumps() -> None:
    """From here on this process and its children write no core file, and on Linux other processes of the same account can neither
    trace it nor read its memory and environment. What a crash wrote to the disk would hold keys and opened notes (T02)."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        # A core that the kernel pipes to a program asks this, not the limit.
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)

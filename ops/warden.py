"""`python -m ops.warden`: supervisord, which ends with the process that started it (Linux, prctl(2))."""

import ctypes
import os
import signal
import sys

from supervisor import supervisord

PR_SET_PDEATHSIG = 1


def main(arguments: list[str], parent: int) -> None:
    """Run supervisord with `arguments` until it is told to stop, or until process `parent`, who started us, is gone."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() == parent:
        supervisord.main(arguments)


if __name__ == "__main__":
    main(sys.argv[2:], int(sys.argv[1]))

"""T02: what a crashing process would write to the disk, really crashed."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

PR_GET_DUMPABLE = 3
CRASH = "import os, signal; os.kill(os.getpid(), signal.SIGABRT)"
HOLDS = "import django; django.setup(); from tests.cast import SECRET; "


def crashed(program: str, place: Path) -> bool:
    """Run ``program`` in ``place``, allowed to write a core file of any size; whether the kernel wrote one."""

    def allow() -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))

    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    environ = os.environ | {"PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "config.settings"}
    process = subprocess.Popen([sys.executable, "-c", program], cwd=place, env=environ, preexec_fn=allow)
    _, status = os.waitpid(process.pid, 0)
    process.returncode = -os.WTERMSIG(status)  # waited for by hand: Popen would not tell of the core
    assert process.returncode == -signal.SIGABRT
    return os.WCOREDUMP(status)


def test_a_crash_of_a_process_with_keys_leaves_no_core(tmp_path: Path) -> None:
    assert not crashed(HOLDS + CRASH, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_control_the_same_crash_of_a_program_without_keys_leaves_one_where_the_machine_writes_cores(tmp_path: Path) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    pattern = Path("/proc/sys/kernel/core_pattern").read_text()
    may = bool(hard) and bool(pattern.strip())
    assert crashed(CRASH, tmp_path) == may


def test_a_process_with_keys_is_closed_to_its_neighbours() -> None:
    """/proc/…/environ and /proc/…/mem are root's alone then; this very process has loaded the house."""
    assert resource.getrlimit(resource.RLIMIT_CORE)[0] == 0
    assert ctypes.CDLL(None).prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0

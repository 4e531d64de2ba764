"""The test suite, on a PostgreSQL and a Redis of its own."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ops.browser import find_browser
from ops.environment import plain
from ops.house import CHECKOUT, House, held, make_var, open_house
from ops.refusal import Refusal
from ops.servers import servers
from ops.stopping import Stop

SLOTS = 6


def run_tests(var: Path, environ: Mapping[str, str], arguments: list[str], browser: bool = True) -> int:
    """Run pytest with `arguments` on throwaway servers below `var`/test; returns its exit code.

    Raises Refusal when there is no browser or no server.
    """
    found = {"CHROMIUM": find_browser()} if browser else {}
    with test_servers(var) as house:
        return _pytest(arguments, {**plain(house, environ), **found})


@contextmanager
def test_servers(var: Path) -> Iterator[House]:
    """Servers for tests, up while inside. Runs at the same time get a place each."""
    with ExitStack() as stack:
        place = _free_place(make_var(var) / "test", stack)
        house = open_house(place, durable=False)
        if not (house.secrets / "MASTER_KEYS").exists():
            shutil.rmtree(house.database, ignore_errors=True)
        stack.enter_context(servers(house, {}, []))
        yield house


def _free_place(parent: Path, stack: ExitStack) -> Path:
    for number in range(1, SLOTS + 1):
        try:
            place = make_var(parent / str(number))
            stack.enter_context(held(place))
            return place
        except Refusal:
            continue
    raise Refusal(f"{SLOTS} test runs are under way already. Wait for one to end.")


def _pytest(arguments: list[str], environ: Mapping[str, str]) -> int:
    process = subprocess.Popen([sys.executable, "-m", "pytest", *arguments], cwd=CHECKOUT, env=environ)
    try:
        return process.wait()
    except Stop as stop:
        # The terminal has sent Ctrl-C to pytest as well; another signal reaches only us.
        if stop.number != signal.SIGINT:
            process.send_signal(signal.SIGINT)
        _finish(process)
        raise


def _finish(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

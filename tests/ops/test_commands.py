"""The commands as a person types them."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ops.house import CHECKOUT, House, open_house, settle_kind
from ops.processes import strays
from ops.refusal import Refusal
from ops.run import reset_demo


def start(place: Path, command: str, **more: str) -> subprocess.Popen[str]:
    environ = {**os.environ, "SUBROSA_VAR": str(place / "var"), "SUBROSA_DEMO": "1", **more}
    for name in ("DATABASE_URL", "DATABASE_URL_WORKER", "DATABASE_URL_OWNER", "REDIS_URL"):
        environ.pop(name, None)
    return subprocess.Popen(
        [sys.executable, "-m", "ops", command],
        cwd=CHECKOUT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


@pytest.fixture
def services(place: Path) -> Iterator[tuple[House, subprocess.Popen[str]]]:
    process = start(place, "services")
    assert process.stdout is not None
    assert any("Ctrl-C" in line for line in process.stdout)
    yield open_house(place / "var"), process
    process.kill()
    process.wait()
    process.stdout.close()


def test_services_refuse_a_second_run_and_stop_without_a_trace(services: tuple[House, subprocess.Popen[str]]) -> None:
    house, process = services
    second = start(house.var.parent, "services")
    said, _ = second.communicate(timeout=20)
    assert second.returncode == 1
    assert re.search(rf"already runs .*process {process.pid}", said)
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    assert strays(house) == []


def test_a_killed_parent_takes_the_servers_along(services: tuple[House, subprocess.Popen[str]]) -> None:
    house, process = services
    assert strays(house)
    process.kill()
    deadline = time.monotonic() + 20
    while strays(house):
        assert time.monotonic() < deadline, "servers outlive the run that was killed"
        time.sleep(0.1)


def test_a_busy_port_stops_the_start_before_it_starts_anything(place: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen(1)
        process = start(place, "run", PORT=str(other.getsockname()[1]))
        said, _ = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "is in use" in said
    assert not (place / "var" / "postgres").exists()


def test_only_a_demo_is_ever_reset(place: Path) -> None:
    house = open_house(place / "var")
    settle_kind(house, demo=False)
    with pytest.raises(Refusal, match="does not hold a demo"):
        reset_demo(house.var)


def test_a_reset_takes_data_and_mail_and_leaves_the_secrets(place: Path) -> None:
    house = open_house(place / "var")
    settle_kind(house, demo=True)
    house.database.mkdir()
    (house.var / "mail" / "one.log").touch()
    (house.secrets / "MASTER_KEYS").touch()
    reset_demo(house.var)
    assert not house.database.exists()
    assert not (house.var / "mail" / "one.log").exists()
    assert (house.secrets / "MASTER_KEYS").exists()

"""A house of our own below the temporary directory; its servers start once for all tests of the boiler room."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ops.house import House, open_house
from ops.manager import Manager
from ops.servers import servers
from ops.sockets import PASSABLE


@contextmanager
def scratch_directory() -> Iterator[Path]:
    """A short-named place that the servers' account may walk through (pytest's own is closed to it)."""
    place = Path(tempfile.mkdtemp(prefix="boiler-", dir="/tmp"))
    os.chmod(place, PASSABLE)
    yield place
    shutil.rmtree(place)


@pytest.fixture
def place() -> Iterator[Path]:
    with scratch_directory() as found:
        yield found


@pytest.fixture(scope="session")
def running() -> Iterator[tuple[House, Manager]]:
    """A house with PostgreSQL and Redis up. A test that stops something starts it again."""
    with scratch_directory() as found:
        house = open_house(found / "var", durable=False)
        with servers(house, {}, []) as manager:
            yield house, manager

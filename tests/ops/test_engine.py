"""Programs that the servers' account cannot reach are copied to where it can, and work there."""

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ops.engine import postgres_program, redis_program
from ops.house import House
from ops.keeper import Keeper
from ops.manager import Manager


@pytest.mark.parametrize("program", [lambda house: postgres_program(house, "initdb"), redis_program], ids=["postgres", "redis"])
def test_a_copy_works(
    running: tuple[House, Manager], place: Path, monkeypatch: pytest.MonkeyPatch, program: Callable[[House], str]
) -> None:
    house = replace(running[0], data=place)
    with monkeypatch.context() as patch:
        patch.setattr(Keeper, "can_use", lambda keeper, path: False)
        copied = program(house)
    assert Path(copied).is_relative_to(place)
    assert house.keeper.can_use(Path(copied))
    assert subprocess.run([copied, "--version"], check=False, cwd="/", **house.keeper.spawn()).returncode == 0

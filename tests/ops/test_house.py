"""One var/, one run, one kind."""

import os
import socket
import stat
from pathlib import Path

import pytest

from ops.house import held, is_held, make_var, open_house, read_kind, settle_kind
from ops.ports import read_port, require_free
from ops.refusal import Refusal


def test_the_private_directories_are_private(place: Path) -> None:
    var = make_var(place / "var")
    assert {stat.S_IMODE((var / name).stat().st_mode) for name in ("log", "mail", "secrets")} == {0o700}
    assert stat.S_IMODE(var.stat().st_mode) & 0o066 == 0


def test_the_server_sockets_are_in_a_closed_directory(place: Path) -> None:
    house = open_house(place / "var")
    assert stat.S_IMODE(house.server_sockets.stat().st_mode) == 0o700
    assert house.server_sockets.stat().st_uid == house.keeper.uid != 0


def test_a_second_run_is_refused_by_name(place: Path) -> None:
    with held(place), pytest.raises(Refusal, match=f"already runs .*process {os.getpid()}"), held(place):
        pytest.fail("two runs hold one var/")


def test_the_lock_ends_with_the_run(place: Path) -> None:
    with held(place):
        assert is_held(place)
    assert not is_held(place)


@pytest.mark.parametrize(("first", "second"), [(True, False), (False, True)])
def test_a_demo_and_a_practice_never_mix(place: Path, first: bool, second: bool) -> None:
    house = open_house(place / "var")
    settle_kind(house, demo=first)
    with pytest.raises(Refusal, match="never mix"):
        settle_kind(house, demo=second)
    assert read_kind(house) == ("demo" if first else "practice")


def test_data_that_nobody_recorded_counts_as_a_practice(place: Path) -> None:
    house = open_house(place / "var")
    house.database.mkdir()
    (house.database / "PG_VERSION").touch()
    with pytest.raises(Refusal, match="holds a practice"):
        settle_kind(house, demo=True)


def test_a_taken_port_is_refused_with_a_way_out() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen(1)
        with pytest.raises(Refusal, match=r"in use .*make run PORT="):
            require_free("127.0.0.1", other.getsockname()[1])


@pytest.mark.parametrize("text", ["", "http", "0", "65536", "-1"])
def test_a_port_must_be_one(text: str) -> None:
    with pytest.raises(Refusal, match="PORT"):
        read_port(text)

"""A socket's path must stay within 107 bytes, wherever the checkout sits."""

import stat
from pathlib import Path

import pytest

from ops import sockets


@pytest.fixture
def deep(tmp_path: Path) -> Path:
    path = tmp_path / ("a" * 60) / ("b" * 60)
    path.mkdir(parents=True)
    return path


def test_near_when_it_fits(place: Path) -> None:
    assert sockets.find_sockets(place, place / "sockets.path") == place / "sockets"
    assert not (place / "sockets.path").exists()


def test_a_deep_checkout_gets_a_private_place_and_finds_it_again(deep: Path) -> None:
    first = sockets.find_sockets(deep, deep / "sockets.path")
    second = sockets.find_sockets(deep, deep / "sockets.path")
    first.rmdir()
    assert first == second
    assert sockets.fits(first)


def test_the_private_place_is_closed_to_others(deep: Path) -> None:
    found = sockets.find_sockets(deep, deep / "sockets.path")
    mode = stat.S_IMODE(found.stat().st_mode)
    found.rmdir()
    assert mode & 0o066 == 0


def test_a_place_swapped_for_a_link_is_not_used(deep: Path, place: Path) -> None:
    first = sockets.find_sockets(deep, deep / "sockets.path")
    first.rmdir()
    first.symlink_to(place)
    second = sockets.find_sockets(deep, deep / "sockets.path")
    first.unlink()
    second.rmdir()
    assert second != first


def test_a_copied_var_does_not_share_the_sockets_of_the_original(deep: Path) -> None:
    first = sockets.find_sockets(deep, deep / "sockets.path")
    copy = deep.parent / "copy"
    copy.mkdir()
    (copy / "sockets.path").write_text((deep / "sockets.path").read_text())
    second = sockets.find_sockets(copy / ("c" * 60), copy / "sockets.path")
    first.rmdir()
    second.rmdir()
    assert second != first

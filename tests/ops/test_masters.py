"""A new master key comes first and nothing is lost; an old one leaves only when the database was asked (T06)."""

from pathlib import Path
from typing import Any

import pytest

from ops import masters
from ops.house import House, open_house
from ops.masters import add_master, drop_master
from ops.refusal import Refusal
from ops.secrets import read_secret, settle_secrets


@pytest.fixture
def house(place: Path) -> House:
    house = open_house(place / "var")
    settle_secrets(house.secrets, has_database=False)
    return house


def ring(house: House) -> list[str]:
    return read_secret(house.secrets, "MASTER_KEYS").split(",")


def idents(house: House) -> list[str]:
    return [entry.split(":")[0] for entry in ring(house)]


def test_a_new_master_stands_first_and_the_old_ones_stay(house: House, capsys: Any) -> None:
    before = ring(house)
    add_master(house, {})
    add_master(house, {})
    assert idents(house) == ["m3", "m2", "m1"]
    assert ring(house)[2:] == before
    said = capsys.readouterr().out
    assert "vault rotate-master" in said
    assert not any(entry.split(":")[1] in said for entry in ring(house))


def test_an_old_master_leaves_after_the_database_was_asked_and_is_kept_beside(house: House, monkeypatch: Any) -> None:
    asked = []

    def answer(_: House, told: dict[str, str], role: str, *command: str) -> None:
        asked.append((Path(told["MASTER_KEYS_FILE"]).read_text().strip(), role, command[0]))

    monkeypatch.setattr(masters, "manage", answer)
    add_master(house, {})
    new, old = ring(house)
    drop_master(house, {}, "m1")
    assert asked == [(new, "owner", "check")]
    assert ring(house) == [new]
    assert read_secret(house.secrets, "MASTER_KEYS.taken-out") == old
    assert not (house.secrets / "MASTER_KEYS.next").exists()


def test_t06_a_master_that_is_still_needed_stays(house: House, monkeypatch: Any) -> None:
    def refuse(*_: object) -> None:
        raise Refusal("3 data keys are wrapped by the master 'm1', which is not in MASTER_KEYS.")

    monkeypatch.setattr(masters, "manage", refuse)
    add_master(house, {})
    before = ring(house)
    with pytest.raises(Refusal, match="3 data keys"):
        drop_master(house, {}, "m1")
    assert ring(house) == before
    assert not (house.secrets / "MASTER_KEYS.next").exists()


def test_the_newest_master_an_unknown_one_and_a_ring_from_outside_are_not_touched(house: House) -> None:
    add_master(house, {})
    before = ring(house)
    for ident in ("m2", "m7", ""):
        with pytest.raises(Refusal, match="Say which old master: m1"):
            drop_master(house, {}, ident)
    with pytest.raises(Refusal, match="given from outside"):
        add_master(house, {"MASTER_KEYS_FILE": "/elsewhere"})
    assert ring(house) == before

"""What the room of moving adds to the things of the matrix."""

from __future__ import annotations

from typing import Any

from moving import actions
from moving.actions import making
from tests.cast import acting
from tests.committed import House, as_worker

OF_MOVING = ("cleos_move", "made_move", "anas_file", "wrong_file", "coming_file")


def moves(house: House) -> dict[str, Any]:
    """Ana asked to take Cleo's record along, and Ben took Bruno's, which is made."""
    with acting(house.ben):
        made = {"made_move": actions.ask(actions.Wish("For the archive of the practice."), client=house.bruno, by=house.ben)}
    with acting(house.ada):
        actions.decide(made["made_move"], yes=True, by=house.ada)
    with as_worker():
        while making.make_next():
            pass
    wish = actions.Wish("For the archive by the beige anchor.", private=True)
    with acting(house.ana):
        made["cleos_move"] = actions.ask(wish, client=house.cleo, by=house.ana)
        people = b"Client ID,First Name,Last Name\n17,Petra,Quill\n18,,Nobody\n"
        made |= {name: actions.begin("clients", "other", "a.csv", people, by=house.ana) for name in ("anas_file", "wrong_file")}
        actions.choose(
            made["wrong_file"], {"source": "Client ID", "given_name": "First Name", "family_name": "Last Name"}, "us", by=house.ana
        )
        actions.go_on(made["wrong_file"], by=house.ana)
        made["coming_file"] = actions.announce(actions.Announced("charts", "other", "charts.zip", 20_000_000), by=house.ana)
    return made

"""What the room of the professional executor adds: a list that is open to Lena, a plan that waits for a second person, and a draft."""

from __future__ import annotations

import datetime
from typing import Any

from audit import clock
from clients import actions as clients
from executor import actions
from executor.models import Case
from practice.models import User
from practice.roles import Role
from records import actions as records
from tests.cast import acting, person
from tests.committed import House
from tests.executor.made import asked, in_force, opened, said

OF_EXECUTORS = ("gwens_plan", "gwens_activation", "gwens_case", "gwens_rehearsal", "hals_activation", "anas_successors")


def executors(house: House) -> dict[str, Any]:
    """Gwen cannot go on: Lena has her list by Ada's word and Sofia's. Of Hal somebody says the same. Ana writes at her plan."""
    gwen, hal = (person(name, Role.COUNSELOR) for name in ("Gwen Gone", "Hal Halfway"))
    plan = in_force(gwen, house.lena, house.sofia, places="Behind the puce weathervane.")
    client = _client(gwen)
    row = opened(plan, house.ada, house.sofia)
    with acting(house.lena):
        made = {"gwens_plan": plan, "gwens_activation": row, "gwens_case": Case.objects.get(client=client)}
        made["gwens_rehearsal"] = actions.rehearse(plan, by=house.lena)
    made["hals_activation"] = asked(in_force(hal, house.sofia, house.root, opens=[]), house.sofia)
    with acting(house.ana):
        return made | {"anas_successors": actions.write(said(house.sofia, house.ben, places="Under the beige anchovy."), by=house.ana)}


def _client(gwen: User) -> Any:
    start = clock.now() + datetime.timedelta(days=2)
    with acting(gwen):
        client = clients.take_in(by=gwen, counselor=gwen, given_name="Lottie", family_name="Limpet")
        records.plan_session(client, by=gwen, starts_at=start, ends_at=start + datetime.timedelta(hours=1), modality="video", crisis=True)
    return client

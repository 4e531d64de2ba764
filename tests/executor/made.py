"""Plans and activations as tests begin with them, made by the real actions at the moments they would have been."""

from __future__ import annotations

import datetime
from typing import Any

from audit import clock
from executor import actions
from executor.models import Activation, Plan
from practice.models import User
from tests.cast import acting

TEXTS = {
    "places": "The paper is in cabinet B.",
    "backups": "The key is with the notary, by the coral anvil.",
    "callback": "503 555 0100",
    "transfer": "Ben for adults, Lena for couples.",
    "to_clients": "I call for your counselor, who cannot go on.",
    "to_colleagues": "Please take nobody off the list yourself.",
    "to_board": "To the board: the custodian has the records.",
    "to_newspaper": "",
}
OUTSIDE = {f"{part}_{what}": "" for part in ("custodian", "deputy") for what in ("name", "licence", "contact")}
ALL = ["contact", "sessions", "record"]


def said(custodian: User | None, deputy: User | None, **more: Any) -> dict[str, Any]:
    """What a whole plan says."""
    return OUTSIDE | TEXTS | {"custodian": custodian, "deputy": deputy, "opens": ALL} | more


def signed(person: User, custodian: User | None, deputy: User | None, **more: Any) -> Plan:
    """A plan that ``person`` signed, and to which nobody said yes yet."""
    with acting(person):
        plan = actions.write(said(custodian, deputy, **more), by=person)
        actions.sign(plan, by=person)
    return plan


def in_force(person: User, custodian: User, deputy: User, **more: Any) -> Plan:
    """And both said yes."""
    plan = signed(person, custodian, deputy, **more)
    for part, who in (("deputy", deputy), ("custodian", custodian)):
        with acting(who):
            actions.accept(Plan.objects.get(pk=plan.pk), part, "", by=who)
    with acting(person):
        return Plan.objects.get(pk=plan.pk)


def asked(plan: Plan, by: User, part: str = "custodian", ground: str = "incapacity") -> Activation:
    """Somebody says that they cannot go on."""
    with acting(by):
        return actions.ask(plan, actions.Asking(ground, "Her husband rang from the hospital.", part), by=by)


def released(plan: Plan, by: User, second: User, hours: float = 30) -> Activation:
    """Released ``hours`` ago by ``second``: with more than a day the list can be opened."""
    with clock.at(clock.now() - datetime.timedelta(hours=hours)):
        row = asked(plan, by)
        with acting(second):
            actions.release(Activation.objects.get(pk=row.pk), by=second)
    with acting(second):
        return Activation.objects.get(pk=row.pk)


def opened(plan: Plan, by: User, second: User) -> Activation:
    """And the executor made the list."""
    row = released(plan, by, second)
    with acting(row.executor):
        actions.open_list(row, by=row.executor)
    return row

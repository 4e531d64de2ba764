"""A letter about a breach as a practice would write it, and an incident that has come so far that people are told."""

from __future__ import annotations

import datetime

from audit import clock
from breaches import access, actions
from breaches.models import Incident, Mark, State
from breaches.standing import standing
from practice.models import User
from tests.cast import acting

BLOCKS = {
    "happened": "On 3 November 2026 a letter of ours went to a wrong address. We found out on 5 November 2026. Somebody opened it.",
    "kinds": "It held your name, the dates of two visits and the name of your counselor. It did not hold your notes.",
    "protect": "You need not do anything. If somebody you do not know speaks to you about your visits, please call us.",
    "doing": "We asked for the letter back and have it. We now check each address with a second person.",
    "contact": "Call us free of charge at 800 555 0199, or write to 12 Willow Street, Portland, OR 97201.",
}
SPANISH = {
    "happened": "El 3 de noviembre una carta nuestra llegó a otra casa. Lo supimos el 5 de noviembre. Alguien la abrió.",
    "kinds": "Tenía su nombre, las fechas de dos visitas y el nombre de su terapeuta. No tenía sus notas.",
    "protect": "No tiene que hacer nada. Si alguien le habla de sus visitas, llámenos, por favor.",
    "doing": "Pedimos la carta y ya la tenemos. Ahora dos personas miran cada dirección.",
    "contact": "Llame gratis al 800 555 0199, o escriba a 12 Willow Street, Portland, OR 97201.",
}


def notifying(by: User, *, drill: bool = False, state: State = State.NOTIFYING) -> Incident:
    """An incident that ``by`` reported and took to ``state``, with an approved letter."""
    with acting(by):
        hour_ago = clock.now() - datetime.timedelta(hours=1)
        row = actions.report("The letter about the opal compass went astray.", by=by, noticed_at=hour_ago, going_on="no", drill=drill)
        row = access.kept_incidents(by).get(pk=row.pk)
        for to in (State.ASSESSING, State.NOTIFYING):
            if row.state != state:
                actions.move(row, to, by=by)
        actions.approve_wording(actions.save_wording(row, BLOCKS, by=by), by=by)
    return row


def settle(row: Incident, by: User) -> None:
    """Say of every clock that still runs that nothing is required."""
    for each in standing(row):
        if each.runs:
            actions.mark(row, each, Mark.State.NOT_REQUIRED, clock.today(), "Nobody is told, for a test.", by=by)

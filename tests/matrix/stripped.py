"""What each rule of the first lock finds for somebody from whom everything was taken: the database hides nothing here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.architecture.test_database import client_bound
from tests.cast import acting

from .locks import asked_by_each_rule
from .things import World

# By what is done to them. No trigger is asked, and all of it is taken back.
STRIPPED = {
    "denied": """INSERT INTO clients_denial (id, version, client_id, user_id, reason, denied_by_id, denied_at)
        SELECT gen_random_uuid(), 1, c.id, %(who)s, '', %(who)s, now() FROM clients_client c ON CONFLICT DO NOTHING""",
    "ended": "UPDATE clients_clientpermission SET until = since + interval '1 microsecond' WHERE user_id = %(who)s",
    "not begun": "UPDATE clients_clientpermission SET since = now() + interval '9 days' WHERE user_id = %(who)s",
}


# The certificate of what one let go of oneself, the question about one's own act,
# what one agreed to with the practice for oneself, and lines of the trail that are about no client.
STAYS = {
    "retention.certificates",
    "review.signals_to_explain",
    "consent.electronic_consents",
    "consent.own_agreements",
    "clients.trail_lines",
}
WHAT = {"ana": [*STRIPPED], "ada": ["denied"], "dee": ["denied"], "portal_cleo": ["denied"]}


def found_when_stripped(world: World, who: str, superuser: Any) -> Iterator[str]:
    """What was done to ``who``, and each rule that nevertheless finds something that belongs to clients."""
    user = world.users[who]
    with acting(user):
        asked = [*asked_by_each_rule(world, user, of=client_bound())]
    for stripped in WHAT[who]:
        superuser.execute("SAVEPOINT stripped")
        superuser.execute(STRIPPED[stripped], {"who": str(user.pk)})
        for name, statement in asked:
            superuser.execute(*statement)
            if superuser.rowcount and name not in STAYS:
                yield f"{stripped}: {name}"
        superuser.execute("ROLLBACK TO SAVEPOINT stripped")

"""Asking anew after a material change: the same signers, the new words, and a mail that says nothing of what it is about."""

from __future__ import annotations

from clients.access import care_team
from clients.models import Client, Codename
from consent.models import Request, Version
from practice.models import User
from practice.refusals import Refused

from .asking import Named, Sending, ask
from .telling import tell


def ask_anew(former: Request, version: Version, *, by: User | None) -> Request:
    """Ask those who are to sign ``former`` to read and sign ``version``, which takes its place once they did (IC-37); ``by`` is None
    where the house asks by itself.

    What they signed holds until then. Raises Refused as ``ask`` does, and where nobody counsels the client any more.
    """
    signers = [Named(each.person, each.capacity, each.representative) for each in former.signers.select_related("person", "representative")]
    counselor = _counselor(former.client)
    request = ask(former.client, version, by=by, counselor=counselor, signers=signers, rule=former.rule, sending=Sending(replaces=former))
    tell([request], by=by)
    return request


def _counselor(client: Client) -> User:
    found = care_team(client).filter(permission__codename=Codename.COUNSEL).first()
    if found is None:
        raise Refused("IC-37", "Nobody counsels this client now.", "Assign a counselor first.")
    counselor: User = found.user
    return counselor

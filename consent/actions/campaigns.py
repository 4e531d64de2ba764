"""Asking anew after a material change: the same signers, the new words, and a mail that says nothing of what it is about."""

from __future__ import annotations

from clients.access import care_team, in_portal
from clients.models import Client, ClientPermission, Codename
from consent.models import Request, Signer, Version
from practice.actions import outbox
from practice.actions.credentials import site_link
from practice.models import User
from practice.refusals import Refused

from .asking import Named, Sending, ask

SUBJECT = "Something new for you to read"
BODY = """There is something new on your page. Sign in to read it:

{url}

If you did not expect this, leave it: nothing happens.
"""


def ask_anew(former: Request, version: Version, *, by: User) -> Request:
    """Ask those who are to sign ``former`` to read and sign ``version``, which takes its place once they did (IC-37).

    What they signed holds until then. Raises Refused as ``ask`` does, and where nobody counsels the client any more.
    """
    signers = [Named(each.person, each.capacity, each.representative) for each in former.signers.select_related("person", "representative")]
    counselor = _counselor(former.client)
    request = ask(former.client, version, by=by, counselor=counselor, signers=signers, rule=former.rule, sending=Sending(replaces=former))
    for address in _addresses(former):
        outbox.queue("paper", address, SUBJECT, BODY.format(url=site_link("home")))
    return request


def _counselor(client: Client) -> User:
    found = care_team(client).filter(permission__codename=Codename.COUNSEL).first()
    if found is None:
        raise Refused("IC-37", "Nobody counsels this client now.", "Assign a counselor first.")
    counselor: User = found.user
    return counselor


def _addresses(former: Request) -> set[str]:
    """The mail addresses of the accounts of those who sign; who has no account is told by their counselor."""
    found = set()
    for signer in former.signers.select_related("person", "representative__user"):
        if signer.representative:
            found.add(signer.representative.user.email if signer.representative.user else "")
        else:
            found |= {grant.user.email for grant in _own_accounts(signer)}
    return found - {""}


def _own_accounts(signer: Signer) -> list[ClientPermission]:
    return list(in_portal(signer.person).filter(permission__codename=Codename.PORTAL_SELF).select_related("user"))

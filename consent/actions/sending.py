"""Sending papers in one go: they are asked, who has an account is told, and who has none is invited with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from clients.access import open_invitations
from clients.actions.inviting import Handed, invite_to_portal, send_portal_link
from clients.models import Client, ContactPoint
from consent.models import Request, Version
from consent.particulars import Particulars
from practice.models import User
from practice.refusals import Refused

from .asking import Named, Sending, ask
from .telling import tell


@dataclass(frozen=True)
class Link:
    """How ``named``, who has no account, gets to the papers: a link by mail to ``point``, or (None) handed over.

    ``again``: a new link of the invitation that waits already, with the words they were told.
    """

    named: Named
    point: ContactPoint | None = None
    again: bool = False


@dataclass(frozen=True)
class Sent:
    """What was sent: the papers, the signers who were written to, and for each who was invited what staff are shown once."""

    papers: list[Request]
    told: set[UUID]
    handed: list[tuple[Named, Handed]]


def send(
    client: Client,
    versions: Sequence[Version],
    *,
    by: User,
    counselor: User,
    signers: Sequence[Named],
    rule: str = Request.Rule.ALL,
    sending: Sending,
    links: Sequence[Link] = (),
    named: Particulars | None = None,
) -> Sent:
    """Ask ``signers`` to read and sign each of ``versions``, and see that they hear of it; ``named`` is what a release names.

    Raises Refused as ``ask`` and ``invite_to_portal`` do; the caller's transaction then keeps nothing of it.
    """
    more: dict[str, Any] = {"by": by, "counselor": counselor, "signers": signers, "rule": rule, "particulars": named, "sending": sending}
    asked = [ask(client, version, **more) for version in versions]
    handed = [(link.named, _invited(link, by)) for link in links]
    return Sent(asked, tell(asked, by=by), handed)


def _invited(link: Link, by: User) -> Handed:
    who, person = link.named.representative, link.named.person
    if not link.again:
        return invite_to_portal(person, by=by, representative=who, point=link.point)
    waiting = open_invitations().filter(client=person, representative=who).order_by("-invited_at").first()
    if waiting is None:
        raise Refused("", "The invitation that waited is over.", "Choose how they get a new one.")
    return send_portal_link(waiting, by=by)

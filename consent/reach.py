"""How those who may sign come to what they are asked to sign: by their account, by an invitation that waits, or by a new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from clients.access import contact_changeable_clients, open_invitations
from clients.models import Client, ContactPoint, PortalInvitation
from clients.reaching import account_of, agreed_mail
from consent.models import Signer
from consent.signers import Possible


@dataclass(frozen=True)
class Reach:
    """``who`` signs in already (``account``), is written to then (``written``), was invited (``invitation``), or can be (``points``)."""

    who: Possible
    account: bool = False
    written: bool = False
    invitation: PortalInvitation | None = None
    invitable: bool = False
    points: list[ContactPoint] = field(default_factory=list)

    @property
    def in_person(self) -> bool:
        """Whether they are expected to sign here: a minor who assents, whom nobody invites unasked."""
        return self.who.named.capacity == Signer.Capacity.ASSENT


def reach_of(people: Sequence[Possible], user: Any) -> list[Reach]:
    """How each of ``people`` comes to the papers, once a person, as far as ``user``, who sends them, may know and invite."""
    once = {each.named.whom: each for each in reversed(people)}
    people = [each for each in people if each in once.values()]
    idents = {each.named.person.pk for each in people}
    mine = set(contact_changeable_clients(user).filter(pk__in=idents).values_list("pk", flat=True))
    return [_reach(each, invitable=each.named.person.pk in mine) for each in people]


def _reach(who: Possible, *, invitable: bool) -> Reach:
    person, representative = who.named.person, who.named.representative
    if account_of(person, representative):
        return Reach(who, account=True, written=bool(agreed_mail(person, representative)))
    if not invitable:
        return Reach(who)
    waiting = open_invitations().filter(client=person, representative=representative).order_by("-invited_at").first()
    return Reach(who, invitation=waiting, invitable=True, points=_points(person))


def _points(person: Client) -> list[ContactPoint]:
    return list(person.contact_points.filter(kind=ContactPoint.Kind.MAIL, may_contact=True).order_by("pk"))

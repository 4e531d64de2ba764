"""Who could sign for a client today, and who is proposed: from what is on file about them, and nothing typed into a request."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from audit import clock
from clients.calling import called, hushed
from clients.models import Client, Representative
from consent.actions.asking import Named
from consent.models import Signer

Capacity = Signer.Capacity
_AS = {
    Representative.Relation.PARENT: Capacity.GUARDIAN,
    Representative.Relation.GUARDIAN: Capacity.GUARDIAN,
    Representative.Relation.CASEWORKER: Capacity.CASEWORKER,
    Representative.Relation.EXECUTOR: Capacity.REPRESENTATIVE,
    Representative.Relation.OTHER: Capacity.REPRESENTATIVE,
}


@dataclass(frozen=True)
class Possible:
    """Somebody who could sign: ``key`` in the form, ``words`` beside it, and whether the page proposes them."""

    key: str
    words: str
    named: Named
    proposed: bool


def possible(client: Client, *, left: bool = False) -> list[Possible]:
    """Who could sign for ``client``, which a door gave: themself, members of the unit, representatives whose authority is in force.

    ``left``: also who was a member once, for what they said together is theirs to release (IC-33).
    """
    return (_members(client, left=left) if client.is_unit else _themself(client)) + _representatives(client)


def _themself(client: Client) -> list[Possible]:
    minor = client.kind == Client.Kind.MINOR
    capacity = Capacity.ASSENT if minor else Capacity.SELF
    words = f"{called(client)}, who assents as a minor" if minor else f"{called(client)}, for themself"
    found = [Possible("self", words, Named(client, capacity), proposed=True)]
    if minor:
        found.append(
            Possible("alone", f"{called(client)} alone, as the law of the state allows", Named(client, Capacity.SELF), proposed=False)
        )
    return found


def name_of(person: Client, representative: Representative | None) -> str:
    """What whoever signs is called on a page."""
    return hushed(representative.name, "name hidden") if representative else called(person)


def _members(client: Client, *, left: bool) -> list[Possible]:
    places = client.memberships.all() if left else client.memberships.filter(left_at=None)
    members = Client.objects.filter(places__in=places).order_by("since", "pk")
    return [Possible(f"member-{each.pk}", called(each), Named(each, Capacity.MEMBER), proposed=True) for each in members]


def _representatives(client: Client) -> list[Possible]:
    now, minor = clock.now(), client.kind == Client.Kind.MINOR
    standing = client.representatives.filter(Q(until=None) | Q(until__gt=now), since__lte=now).order_by("since", "pk")
    return [_representative(client, each, minor) for each in standing]


def _representative(client: Client, who: Representative, minor: bool) -> Possible:
    capacity = _AS[Representative.Relation(who.relation)]
    term = f", until {who.until:%-d %b %Y}" if who.until else ""
    lacking = "" if who.authority.strip() else "; what their authority rests on is not on file"
    words = f"{hushed(who.name, 'name hidden')}, {who.get_relation_display()}{term}{lacking}"
    proposed = minor and capacity == Capacity.GUARDIAN and not lacking
    return Possible(f"rep-{who.pk}", words, Named(client, capacity, who), proposed)

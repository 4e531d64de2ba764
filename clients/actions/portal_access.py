"""Opening the portal to a client or to whoever stands for them, and closing it with their authority."""

from __future__ import annotations

import datetime

from django.db.models import Q, QuerySet

from audit import clock, trail
from clients.access import live_grants
from clients.age import majority_of
from clients.models import Client, ClientPermission, Codename, ProxyRefusal, Representative
from practice.models import User
from practice.refusals import Refused

from .team import _date, _keep, _row


def give_portal(
    client: Client,
    user: User,
    *,
    by: User,
    represents: bool = False,
    until: datetime.datetime | None = None,
    representative: Representative | None = None,
) -> None:
    """Let ``user`` see this record in the portal: as the client, or for them as ``representative`` (``represents``: one not on file).

    For a representative it ends with their authority or with the client's majority, whichever is first.
    Raises Refused: IC-24 where that authority is not in force, IC-32 once the client is of age.
    """
    codename = Codename.PORTAL_REPRESENT if represents or representative else Codename.PORTAL_SELF
    if codename == Codename.PORTAL_REPRESENT:
        require_not_refused(client, representative)
        until = _earliest(until, authority_in_force(representative) if representative else None, majority_ahead(client))
    _keep([_row(client, user, codename, by, "portal", until)])
    if representative:
        Representative.objects.filter(pk=representative.pk).update(user=user)
    trail.change(user, "give_portal", client=client)


def authority_in_force(person: Representative) -> datetime.datetime | None:
    """Until when ``person`` stands for the client (None: open).

    Raises Refused: IC-24 where they do not, today, or on nothing that is on file; RG-12 where the minor consents alone, RG-13 where the
    practice keeps them out.
    """
    now = clock.now()
    require_not_refused(person.client, person)
    if not person.authority.strip():
        raise Refused("IC-24", f"What {person.name}'s authority rests on is not on file.", "Record it under Contacts first.")
    if person.since > now or (person.until is not None and person.until <= now):
        raise Refused("IC-24", f"{person.name}'s authority is not in force today.", "Invite whoever stands for the client now.")
    return person.until


def majority_ahead(client: Client) -> datetime.datetime | None:
    """When ``client`` comes of age (None: not a minor, or nobody knows). Raises Refused once they are (IC-32)."""
    majority = majority_of(client)
    if majority is not None and majority <= clock.now():
        raise Refused("IC-32", "The client is of age: nobody stands for them as a minor any more.", "Invite the client.")
    return majority


def require_not_refused(client: Client, person: Representative | None) -> None:
    """Pass unless ``person`` (None: somebody on no file) is kept out; raises Refused with the rule of that."""
    row = refusals(client).filter(Q(representative=None) | Q(representative=person)).first()
    if row and row.ground == ProxyRefusal.Ground.ALONE:
        raise Refused("RG-12", "The minor consents alone: nobody represents them here.", "Invite the minor.")
    if row:
        raise Refused("RG-13", "The practice does not treat this person as a representative.", "The client's counselor knows why.")


def refusals(client: Client) -> QuerySet[ProxyRefusal]:
    """The refusals of representatives of ``client`` that stand now."""
    return ProxyRefusal.objects.filter(client=client, lifted_at=None)


def _earliest(*ends: datetime.datetime | None) -> datetime.datetime | None:
    return min((end for end in ends if end is not None), default=None)


def date_representation(person: Representative, until: datetime.datetime | None, *, by: User) -> None:
    """Give ``person``'s authority another end (aware; None: open); what it opened in the portal ends with it (RG-12)."""
    person.until = until and max(until, person.since)
    person.save(update_fields=["until"])
    trail.change(person, "date_representation")
    redate(person.client)


def redate(client: Client) -> int:
    """Bring the end of every representative's portal access in line with their authority and the client's majority.

    Called where either changes. Returns how many grants have another end now.
    """
    majority, changed = majority_of(client), 0
    for grant in live_grants([Codename.PORTAL_REPRESENT]).filter(content_object=client.pk).select_related("user"):
        kept_out = refusals(client).filter(Q(representative=None) | Q(representative__user=grant.user_id)).exists()
        end = clock.now() if kept_out else _earliest(_authority_of(grant), majority)
        end = end and max(grant.since, end)
        if end != grant.until:
            grant.until = end
            _date(grant, ["until"])
            trail.change(grant.user, "date_portal", client=client)
            changed += 1
    return changed


def _authority_of(grant: ClientPermission) -> datetime.datetime | None:
    """Until when the holder of ``grant`` stands for its client; the end it has, for one who is on no file."""
    rows = Representative.objects.filter(client=grant.content_object_id, user=grant.user_id).values_list("since", "until")
    if not rows:
        return grant.until
    begun = [until for since, until in rows if since <= clock.now()]
    return None if None in begun else max((until for until in begun if until is not None), default=clock.now())

"""How the invented clients may be reached: what they allowed at intake, and one who is watched at home."""

from __future__ import annotations

import datetime

from clients import actions as clients
from clients.models import Channel, Client, ContactPoint, Purpose
from clients.risks import risks
from practice.models import User

_WAYS = {
    ContactPoint.Kind.PHONE: (Channel.VOICE, Channel.SMS),
    ContactPoint.Kind.MAIL: (Channel.MAIL,),
    ContactPoint.Kind.POST: (Channel.POST,),
}
WATCHED = "library"  # in the label of a friend's phone: what whoever calls says


def settle_ways(client: Client, point: ContactPoint, *, by: User) -> None:
    """What was allowed for ``point`` at intake, its risks gone through and the address read back; never, where nothing was."""
    ways = [
        *_WAYS[ContactPoint.Kind(point.kind)],
        *([Channel.VOICEMAIL] if point.kind == ContactPoint.Kind.PHONE and point.safe_to_leave_message else []),
    ]
    watched = WATCHED in point.label
    hours = {"days": [0, 1, 2, 3], "opens": datetime.time(10), "closes": datetime.time(15)} if watched else {}
    for way in ways:
        never = not point.may_contact or (watched and way == Channel.SMS)
        terms = clients.Terms(way, never=True) if never else clients.Terms(way, Purpose.values, ticked=list(risks(way)), **hours)  # type: ignore[arg-type]  # as Terms' fields
        clients.agree(client, terms, by=by, point=point)
    if point.may_contact:
        clients.heard(point, by=by)
    if watched:
        clients.keep_profile(client, by=by, voicemail_name="The library", avoid="appointment\ncounselor", quick_exit=True)

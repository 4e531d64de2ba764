"""Resting something on an authorization: asked at the moment of use, and refused by the rule that stands against it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.utils import timezone

from clients.models import Client
from consent import access, law
from consent.models import Authorization, Request
from practice.models import User
from practice.refusals import Refused

_ASK = "Ask for a release that names it, and use that once it is signed."


@dataclass(frozen=True)
class Use:
    """What somebody is about to give: ``information`` (a key of the law's list) to ``recipient``, for ``purpose`` (of Authorization)."""

    recipient: str
    purpose: str
    information: str


def authorized(client: Client, use: Use, *, by: User) -> Authorization:
    """The authorization by which ``use`` is allowed now; a withdrawal under way is waited for. Call it in the transaction of the act.

    Raises Refused: AU-6 where it was taken back, AU-3 where it has ended, was not agreed to or is not signed, IC-24 where whoever gave it
    stands for the client no more; and where nothing names all three, by the rule of such information.
    """
    named = access.authorizations(client, **asdict(use), by=by)
    list(Request.objects.select_for_update().filter(pk__in=list(named.order_by().values_list("request", flat=True))).values_list("pk"))
    found = access.authorizations_in_force(client, **asdict(use), by=by).first()
    if found is None:
        raise _why_not(named.first(), use)
    return found


def _why_not(nearest: Authorization | None, use: Use) -> Refused:
    if nearest is None:
        return _nothing_names(use)
    request = nearest.request
    when = f"{timezone.localtime(request.ended_at):%-d %B %Y, %H:%M}" if request.ended_at else ""
    if request.ended_as == Request.End.WITHDRAWN:
        return Refused("AU-6", f"The release was taken back on {when}. Nothing more is given.", "What was given before stays listed.")
    if request.active_from is None:
        why = "The client did not agree to the release." if request.ended_as == Request.End.DECLINED else "The release is not signed."
        return Refused("AU-3", why, _ASK)
    if request.ended_as or nearest.event_at or not Request.objects.filter(access.in_force(), pk=request.pk).exists():
        return Refused("AU-3", "The release has ended.", _ASK)
    return Refused("IC-24", "Whoever gave the release stands for the client no more.", "Ask who decides now to sign one.")


def _nothing_names(use: Use) -> Refused:
    rules = law.released_alone() | {"part2_records": "P2-5" if use.purpose == Authorization.Purpose.LEGAL else "P2-2"}
    what = law.information().get(use.information, use.information)
    return Refused(rules.get(use.information, "AU-3"), f"No release names {what} for this recipient and purpose.", _ASK)

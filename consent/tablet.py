"""A device handed over: a short session that opens one client's paper and nothing else of the house.

The counselor's own session on the device has ended; what is kept is whose hand it came from, and which request it shows. Every other
page asks for a sign-in, so that leaving needs the counselor's.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpRequest

from audit import clock, doors
from consent.access import counseled_requests
from consent.languages import spoken
from consent.models import Request
from practice.models import User

KEY = "tablet"
IDLE = datetime.timedelta(minutes=30)


@dataclass(frozen=True)
class Tablet:
    """What a handed-over device holds: the counselor who handed it over, and the request."""

    counselor: User
    paper: UUID


def hand_over(request: HttpRequest, paper: UUID, counselor: UUID) -> None:
    """Begin the device's session, in an empty one."""
    request.session[KEY] = {"by": str(counselor), "paper": str(paper), "at": clock.now().timestamp()}


def held(request: HttpRequest) -> Tablet:
    """What this device holds. Raises Http404 where it holds nothing, has lain for half an hour, or its counselor works here no more."""
    kept = request.session.get(KEY)
    if not kept or request.user.is_authenticated:
        raise Http404
    if clock.now().timestamp() - kept["at"] > IDLE.total_seconds():
        request.session.flush()
        raise Http404
    counselor = User.objects.working().filter(pk=kept["by"]).first()
    if counselor is None:
        raise Http404
    request.session[KEY] = kept | {"at": clock.now().timestamp()}
    return Tablet(counselor, UUID(kept["paper"]))


@contextmanager
def opened(tablet: Tablet) -> Iterator[Request]:
    """The request that the device shows, behind the door of the counselor who handed it over and still counsels the client."""
    with doors.system("tablet", on_behalf_of=tablet.counselor):
        paper = counseled_requests(tablet.counselor).filter(pk=tablet.paper).first()
        if paper is None:
            raise Http404
        with spoken(paper.wording.language):
            yield paper

"""What a session needs before it takes place: a consent that covers it, its counselor's supervision told, the notice delivered.

Other rooms ask here, with a client that a door gave, at the moment of use: what was withdrawn or has ended is not there any more.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from clients.models import Client
from consent.access import covering, same_person, stands
from consent.models import Form, NoticeDelivery, Override, Request
from practice import supervised
from practice.models import Practice, Supervision, User
from practice.refusals import Refused

HOW = {"in_person": "in person", "video": "by video", "phone": "by phone"}
MODALITIES = tuple(HOW)
_COVERED_BY = {"in_person": Form.Kind.COUNSELING, "phone": Form.Kind.COUNSELING, "video": Form.Kind.TELEHEALTH}
_REACHED = (NoticeDelivery.Status.DELIVERED, NoticeDelivery.Status.ACKNOWLEDGED, NoticeDelivery.Status.REFUSED)
_SEND = "Send it, or have it signed here now."


@dataclass(frozen=True)
class Gap:
    """What a session lacks: by which rule, why, the kind of form that closes it, and whether it may be held all the same.

    IC-23 is the practice's own rule, and IC-11 must not keep a session that took place out of the record: both can be overridden,
    with a reason that somebody else reviews. A notice is delivered or the effort recorded, and nobody is recorded unasked.
    """

    rule: str
    words: str
    todo: str
    form: str
    overridable: bool = False


@dataclass(frozen=True)
class Meeting:
    """A session as it is asked about: ``at`` is its start (aware); ``counselor`` holds it. A crisis waits for no paper (IC-23, NPP-3)."""

    client: Client
    counselor: User
    modality: str
    at: datetime.datetime
    crisis: bool = False
    recorded: bool = False
    session: UUID | None = None  # its row in the record, where there is one already


class Unmet(Refused):
    """A session refused for lack of consent. ``gaps`` are all that it lacks, ``client`` is whose session it is."""

    def __init__(self, meeting: Meeting, gaps: list[Gap]) -> None:
        first = gaps[0]
        super().__init__(first.rule, " ".join(gap.words for gap in gaps), first.todo)
        self.meeting = meeting
        self.client = meeting.client
        self.gaps = gaps

    @property
    def overridable(self) -> bool:
        """Whether the law lets the counselor hold it all the same, with a reason."""
        return all(gap.overridable for gap in self.gaps)


def gaps(meeting: Meeting) -> list[Gap]:
    """What ``meeting`` lacks now, overrides counted; nothing, and it may take place."""
    overridden = set(_overridden(meeting).values_list("rule_id", flat=True))
    return [gap for gap in _all(meeting) if gap.rule not in overridden]


def require(meeting: Meeting) -> None:
    """Raise Unmet where ``meeting`` lacks anything (IC-11, IC-23, IC-35, NPP-1, SU-1)."""
    if found := gaps(meeting):
        raise Unmet(meeting, found)


def require_recording(meeting: Meeting) -> None:
    """Raise Unmet where ``meeting`` is recorded without a permission (IC-35)."""
    if found := [*_recorded(meeting)]:
        raise Unmet(meeting, found)


def _overridden(meeting: Meeting) -> QuerySet[Override]:
    same = Override.objects.filter(client=meeting.client.pk, modality=meeting.modality, starts_at=meeting.at)
    return same.exclude(upheld=False)


def _all(meeting: Meeting) -> Iterator[Gap]:
    if not meeting.crisis:
        yield from _papers(meeting)
    yield from _recorded(meeting)


def _papers(meeting: Meeting) -> Iterator[Gap]:
    if not _noticed(meeting):
        todo = "Record how it was delivered, or what you tried and why it could not be."
        yield Gap("NPP-1", "The notice of privacy practices has not reached this client yet.", todo, Form.Kind.NOTICE)
    covered, form = covering(meeting.client, meeting.modality, meeting.at, by=meeting.counselor).exists(), _COVERED_BY[meeting.modality]
    if not covered:
        words = f"On {timezone.localtime(meeting.at):%-d %B %Y} no consent to meet {HOW[meeting.modality]} is in force."
        yield Gap("IC-23", words, _SEND, form, overridable=True)
    supervision = _supervision(meeting)
    if supervision is None and supervised.must_be(meeting.counselor.credentials):
        yield _unsupervised(meeting)
    elif supervision and (covered or form != Form.Kind.COUNSELING):  # else the consent that is missing is the one that tells it
        yield from _told(meeting, supervision)


def _recorded(meeting: Meeting) -> Iterator[Gap]:
    if meeting.recorded and not covering(meeting.client, "recording", meeting.at, by=meeting.counselor).exists():
        words = "No permission to record is in force. Recording needs one of its own, before it begins."
        yield Gap("IC-35", words, "Have it signed first, or do not record.", Form.Kind.RECORDING)


def _noticed(meeting: Meeting) -> bool:
    """Where the practice is covered by HIPAA, its notice reached the client, or what was tried is written down (NPP-1, NPP-2)."""
    if not Practice.objects.filter(is_covered_entity=True).exists():
        return True
    return NoticeDelivery.objects.filter(client__in=_rows(meeting), status__in=_REACHED).exists()


def _rows(meeting: Meeting) -> list[UUID]:
    """Every row that is the meeting's client, as far as its counselor may open them (ADR 0011)."""
    return same_person(meeting.client, meeting.counselor)


def _unsupervised(meeting: Meeting) -> Gap:
    """Whoever works towards a license meets nobody while nobody supervises them (SU-1)."""
    words = f"Nobody supervises {meeting.counselor.name} on that day, whose title is one of somebody who must be supervised."
    todo = "Sign an agreement with a supervisor. Then the client is told who it is, by the consent for counseling."
    return Gap("SU-1", words, todo, Form.Kind.COUNSELING, overridable=True)


def _supervision(meeting: Meeting) -> Supervision | None:
    over = Supervision.objects.filter(Q(until=None) | Q(until__gt=meeting.at), supervisee=meeting.counselor, since__lte=meeting.at)
    return over.select_related("supervisor").order_by("-since").first()


def _told(meeting: Meeting, supervision: Supervision) -> Iterator[Gap]:
    """A counselor who works under supervision is known to do so, and under whose (IC-11); another supervisor is told anew (IC-37)."""
    told = Request.objects.filter(stands(meeting.at), client__in=_rows(meeting), wording__form__kind=Form.Kind.COUNSELING)
    if not told.filter(supervisor=supervision.supervisor_id).exists():
        words = f"No consent in force tells the client that {supervision.supervisor.name} supervises {meeting.counselor.name}."
        yield Gap("IC-11", words, "Send the consent for counseling anew.", Form.Kind.COUNSELING, overridable=True)

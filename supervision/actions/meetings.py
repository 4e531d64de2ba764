"""Meetings of supervision: begun, written, signed by both, added to. What is missing is refused by SU-3."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils import timezone

from audit import clock, trail
from practice.models import User
from practice.refusals import Refused
from supervision import access
from supervision.law.boards import kept_from
from supervision.models import Agreement, Meeting, Part, Remark, Signature
from vault.tokens import fingerprint

LONGEST = datetime.timedelta(hours=8)
_PART = ("directives", "follow_up", "concerns")
_SIZES = {Agreement.Format.INDIVIDUAL: (1, 1), Agreement.Format.PAIRED: (2, 2), Agreement.Format.GROUP: (3, 20)}


@dataclass(frozen=True)
class Facts:
    """When, how and by what a meeting was."""

    starts_at: datetime.datetime
    ends_at: datetime.datetime
    kind: str
    medium: str


@dataclass(frozen=True)
class Said:
    """The words: what all share, and for each part its codes and texts."""

    topics: str
    parts: Mapping[UUID, Mapping[str, str]] = field(default_factory=dict)
    cases: Mapping[UUID, Sequence[str]] = field(default_factory=dict)


class Overtaken(Exception):
    """The meeting was saved elsewhere since this text was loaded; nothing was overwritten."""


def begin(agreements: Sequence[Agreement], facts: Facts, *, by: User, ident: UUID | None = None) -> Meeting:
    """A meeting of one supervisor with the supervisees of ``agreements``, to be written. Sent twice, it is one.

    Raises Refused by SU-3 and SU-5.
    """
    if already := Meeting.objects.filter(pk=ident, written_by=by).first() if ident else None:
        return already
    _require_facts(facts)
    _require_people(agreements, facts, by)
    row = Meeting(supervisor=agreements[0].supervisor, written_by=by, **_named(facts))
    row.keep_until = kept_from(timezone.localdate(facts.starts_at))
    row.pk = ident or row.pk
    row.save(force_insert=True)
    for agreement in agreements:
        Part(meeting=row, agreement=agreement, supervisee=agreement.supervisee).save(force_insert=True)
    trail.change(row, "begin_meeting")
    return row


def _named(facts: Facts) -> dict[str, object]:
    return {name: getattr(facts, name) for name in Facts.__dataclass_fields__}


def _require_facts(facts: Facts) -> None:
    if facts.kind not in Agreement.Format.values or facts.medium not in Meeting.Medium.values:
        raise Refused("SU-3", "The record of a meeting says of which kind it was, and by what medium.", "Choose both.")
    if not datetime.timedelta() < facts.ends_at - facts.starts_at <= LONGEST:
        raise Refused("SU-3", "The record of a meeting says when it began and when it ended, at most eight hours later.", "Enter both.")
    if facts.starts_at > clock.now():
        raise Refused("SU-3", "This meeting has not begun yet.", "Write it down once it has.")


def _require_people(agreements: Sequence[Agreement], facts: Facts, by: User) -> None:
    least, most = _SIZES[Agreement.Format(facts.kind)]
    if not least <= len({row.supervisee_id for row in agreements}) <= most or len({row.supervisor_id for row in agreements}) != 1:
        words = {1: "one supervisee", 2: "two supervisees", 3: "three supervisees or more"}[least]
        raise Refused("SU-3", f"A meeting of this kind has {words}, and one supervisor.", "Choose the kind, or who came.")
    day = timezone.localdate(facts.starts_at)
    if any(not row.since <= day <= row.until for row in agreements):
        raise Refused("SU-5", "No agreement of these two was in force on that day.", "Choose another day, or sign an agreement first.")
    if by.pk != agreements[0].supervisor_id and (len(agreements) > 1 or by.pk != agreements[0].supervisee_id):
        raise Refused("SU-5", "The supervisor writes down a meeting of several.", "Ask the supervisor.")


def save_meeting(row: Meeting, facts: Facts, said: Said, *, by: User, version: int) -> None:
    """Save what was typed. Cases are codes of clients that both may read. Raises Overtaken, and Refused by SU-3 and SU-5."""
    _require_facts(facts)
    mine = list(access.parts(by).filter(meeting=row).order_by("pk"))
    if _is_same(row, mine, facts, said):
        return
    if version != row.version:
        raise Overtaken
    for part in mine:
        _put(part, said, by)
    for name, value in _named(facts).items():
        setattr(row, name, value)
    row.topics, row.saved_at = said.topics, clock.now()
    row.save(update_fields=[*Facts.__dataclass_fields__, "topics", "saved_at"])
    trail.change(row, "save_meeting")


def _is_same(row: Meeting, mine: Sequence[Part], facts: Facts, said: Said) -> bool:
    texts = all(getattr(part, name) == said.parts.get(part.pk, {}).get(name, getattr(part, name)) for part in mine for name in _PART)
    codes = all(codes_of(part) == sorted(said.cases.get(part.pk, codes_of(part))) for part in mine)
    return texts and codes and row.topics == said.topics and all(getattr(row, name) == value for name, value in _named(facts).items())


def codes_of(part: Part) -> list[str]:
    """The codes of the cases that were talked about."""
    return sorted(part.cases.get("codes", []))


def _put(part: Part, said: Said, by: User) -> None:
    for name, text in said.parts.get(part.pk, {}).items():
        setattr(part, name, text)
    if part.pk in said.cases:
        offered = {client.code for client in access.cases(by, part.agreement)} | {*codes_of(part)}
        if wrong := {*said.cases[part.pk]} - offered:
            raise Refused("SU-5", f"{len(wrong)} of these cases are not of this supervision.", "Choose cases that both may read.")
        part.cases = {"codes": sorted(said.cases[part.pk])}
    part.save(update_fields=["cases", *_PART])


def shown_hash(row: Meeting, part: Part) -> bytes:
    """The keyed fingerprint of what the two of ``part`` see (32 bytes)."""
    facts = [getattr(row, name) for name in Facts.__dataclass_fields__]
    seen = [str(row.pk), str(part.pk), row.topics, codes_of(part), *(getattr(part, name) for name in _PART), *facts]
    return fingerprint("meeting", json.dumps(seen, default=lambda at: at.astimezone(datetime.UTC).isoformat(), ensure_ascii=False))


def seen_hash(row: Meeting, *, by: User) -> bytes:
    """The keyed fingerprint of all that ``by`` sees of it (32 bytes)."""
    return fingerprint("meeting", b"".join(shown_hash(row, part) for part in access.parts(by).filter(meeting=row).order_by("pk")))


def sign(row: Meeting, *, by: User, shown: str) -> None:
    """``by`` signs what they see: the supervisor every part, a supervisee their own. Raises Refused by SU-3 and SE-6."""
    if not row.topics.strip():
        raise Refused("SU-3", "The record of a meeting has a summary: nothing is written under Topics.", "Write what you talked about.")
    if shown != seen_hash(row, by=by).hex():
        raise Refused("SE-6", "The meeting changed after this page was shown. Read it again below, then sign what you see.")
    for part in access.parts(by).filter(meeting=row).order_by("pk"):
        if not Signature.objects.filter(part=part, person=by).exists():
            made = Signature(agreement=part.agreement, part=part, person=by, signed_at=clock.now(), signed_hash=shown_hash(row, part))
            made.save(force_insert=True)
    trail.change(row, "sign_meeting")


def remark(part: Part, text: str, *, by: User, ident: UUID | None = None) -> Remark:
    """Add to a signed meeting; the meeting stays as it is. Sent twice, it counts once. Raises Refused by SU-3 for nothing."""
    if already := part.remarks.filter(pk=ident).first() if ident else None:
        return already
    if not text.strip():
        raise Refused("SU-3", "An empty addendum adds nothing.", "Write it, or leave.")
    row = Remark(part=part, author=by, text=text.strip())
    row.pk = ident or row.pk
    row.save(force_insert=True)
    trail.change(part.meeting, "add_to_meeting")
    return row

"""Holding a session without the consent that a rule asks for, where the rule allows it: with a reason, and reviewed by somebody else."""

from __future__ import annotations

from audit import clock, trail
from consent.models import Override
from consent.requirements import Meeting, Unmet, gaps
from practice.models import User
from practice.refusals import Refused


def hold_without(meeting: Meeting, *, by: User, reason: str) -> list[Override]:
    """Let ``meeting`` take place though something is missing: one override for each rule, each waiting for its review.

    Raises Refused by IC-23 without a reason, and Unmet where something is missing that no reason makes up for (NPP-1, IC-35).
    """
    missing = gaps(meeting)
    if final := [gap for gap in missing if not gap.overridable]:
        raise Unmet(meeting, final)
    if missing and not reason.strip():
        raise Refused("IC-23", "Nothing says why this session is held without a consent.", "Write the reason: a colleague reviews it.")
    return [_override(meeting, gap.rule, by, reason) for gap in missing]


def _override(meeting: Meeting, rule: str, by: User, reason: str) -> Override:
    made = Override(
        client_id=meeting.client.pk, rule_id=rule, modality=meeting.modality, starts_at=meeting.at, by=by, reason=reason.strip()
    )
    made.save(force_insert=True)
    trail.change(made, "hold_without_consent")
    return made


def review_override(override: Override, *, by: User, upheld: bool) -> None:
    """``by``, who is not who decided, finds that the session was rightly held, or not. Once. Raises Refused for one's own."""
    if override.by_id == by.pk:
        raise Refused(
            "IC-23", "You decided this yourself: somebody else reviews it.", "Ask your supervisor, a colleague of the team or an admin."
        )
    if override.reviewed_at is None:
        override.reviewed_by, override.reviewed_at, override.upheld = by, clock.now(), upheld
        override.save(update_fields=["reviewed_by", "reviewed_at", "upheld"])
        trail.change(override, "uphold_override" if upheld else "question_override")

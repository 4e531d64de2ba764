"""Asking anew after a material change (IC-37): who has an earlier version in force, who was asked, and what they said.

Nothing of it is kept apart: it follows from the requests alone, so it can be stopped and gone on with at any time.
"""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from audit import clock
from consent import law
from consent.access import in_force
from consent.models import Form, Request, Version


class Counts(NamedTuple):
    """How many have an earlier version in force and were not asked yet; of those asked anew, what they said."""

    behind: int
    waiting: int
    signed: int
    declined: int
    unanswered: int  # until its day was over, or taken back


def why_nobody_is_asked(version: Version) -> tuple[str, str]:
    """Why no one is asked anew with ``version``, and the rule that says so; ("", "") where they are."""
    if version.form.kind == Form.Kind.NOTICE:
        return "A revised notice is posted and given on request. Nobody has to acknowledge it again.", "NPP-5"
    if version.form.kind == Form.Kind.REACHING:
        return "Each of these papers shows what was agreed with one person. It is sent anew when that changes.", "CM-3"
    if law.is_release(version.form.kind):
        return "Each release stands by itself: what it allows was agreed with its own words. New ones use the new words.", "AU-3"
    if version.state != Version.State.IN_FORCE:
        return "This version is not in force.", "GEN-9"
    if not version.material:
        return "The practice decided that the change is not material: what was signed still holds.", "IC-37"
    return "", ""


def behind(requests: QuerySet[Request], version: Version) -> QuerySet[Request]:
    """Those of ``requests`` that are in force with an earlier version, and were not asked anew with this one."""
    asked_already = Exists(Request.objects.filter(replaces=OuterRef("pk"), wording=version))
    earlier = requests.filter(in_force(), wording__form=version.form_id, wording__language=version.language)
    return earlier.filter(~asked_already, wording__number__lt=version.number)


def asked_anew(requests: QuerySet[Request], version: Version) -> QuerySet[Request]:
    """Those of ``requests`` that were asked anew with ``version``."""
    return requests.filter(wording=version, replaces__isnull=False)


def counted(requests: QuerySet[Request], version: Version) -> Counts:
    """The numbers of a campaign over ``requests``."""
    given, declined = Q(active_from__isnull=False), Q(ended_as=Request.End.DECLINED)
    open_ = Q(active_from=None, ended_at=None) & (Q(reply_by=None) | Q(reply_by__gt=clock.now()))
    found = (
        asked_anew(requests, version)
        .order_by()
        .aggregate(
            asked=Count("pk"), waiting=Count("pk", filter=open_), signed=Count("pk", filter=given), declined=Count("pk", filter=declined)
        )
    )
    rest = found["asked"] - found["waiting"] - found["signed"] - found["declined"]
    return Counts(behind(requests, version).count(), found["waiting"], found["signed"], found["declined"], rest)

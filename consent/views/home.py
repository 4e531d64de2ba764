"""The queues of consent at home: what came back, ends soon or is asked anew, notices to give, sessions held without."""

from __future__ import annotations

from django.db.models import QuerySet

from consent import access
from consent.models import NoticeDelivery, Override, Request, Version
from consent.states import state_of
from practice.attention import SHOWN, Queue, Rows


def _rows(requests: QuerySet[Request]) -> Rows:
    return [{"request": each, "client": each.client, "state": state_of(each)} for each in requests[:SHOWN]]


def override_rows(overrides: QuerySet[Override]) -> Rows:
    """What a row says of each of ``overrides``; their reasons stay shut."""
    return [{"override": each, "client": each.client} for each in overrides.defer("reason")[:SHOWN]]


def _notices(notices: QuerySet[NoticeDelivery]) -> Rows:
    return [{"delivery": each, "client": each.client, "urgent": each.status == each.Status.EMERGENCY} for each in notices[:SHOWN]]


def _campaigns(versions: QuerySet[Version]) -> Rows:
    return [{"version": each} for each in versions.defer("text")[:SHOWN]]


QUEUES = (
    Queue("forms-returned", "Forms returned", 60, "consent/_request_row.html", access.returned, _rows),
    Queue("consents-expiring", "Consents expiring", 65, "consent/_request_row.html", access.expiring, _rows),
    Queue(
        "asking-anew", "To ask anew", 66, "consent/_campaign_row.html", access.campaigns, _campaigns,
        "These forms changed in a way that matters. Clients of yours signed an earlier version (IC-37).",
    ),
    Queue(
        "notices-to-give", "Notices to give", 67, "consent/_notice_row.html", access.notices_to_give, _notices,
        "The notice of privacy practices was put off by an emergency, or not acknowledged and is tried for once more (NPP-2, NPP-3).",
    ),
    Queue(
        "overrides", "Sessions held without a consent", 70, "consent/_override_row.html", access.overrides_to_review, override_rows,
        "Somebody held a session though a consent was missing, and said why. Somebody else looks at it (IC-23).",
    ),
)  # fmt: skip

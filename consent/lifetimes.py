"""How long a consent holds: renewal, the day its signer's authority ends, majority, its own date. The earliest counts."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from consent import law
from consent.models import Form, Request
from practice.models import Practice

_UNLIMITED = (Form.Kind.POLICY, Form.Kind.NOTICE, Form.Kind.QUESTIONNAIRE, Form.Kind.OWN)  # unless the form itself says how long


def end_of(request: Request) -> datetime.datetime | None:
    """When ``request``, in force since ``active_from``, ends by itself (aware); None: it does not (IC-32, IC-37, AU-1)."""
    ends = [end for end in (_renewal(request), _own_date(request), request.no_later_than) if end is not None]
    return min(ends) if ends else None


def _renewal(request: Request) -> datetime.datetime | None:
    form = request.wording.form
    authorization = getattr(request, "authorization", None)
    if form.renewal_months is None and (form.kind in _UNLIMITED or authorization is not None):
        return None
    months = form.renewal_months or law.renewal_months()
    assert request.active_from
    zone = practice_zone()
    return _midnight(request.active_from.astimezone(zone).date() + relativedelta(months=months), zone)


def _own_date(request: Request) -> datetime.datetime | None:
    authorization = getattr(request, "authorization", None)
    if authorization is None or authorization.expires_on is None:
        return None
    return _midnight(authorization.expires_on + datetime.timedelta(days=1), practice_zone())


def practice_zone() -> ZoneInfo:
    """The practice's time zone: days begin and end there."""
    return ZoneInfo(Practice.objects.get().timezone)


def _midnight(day: datetime.date, zone: ZoneInfo) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), tzinfo=zone)

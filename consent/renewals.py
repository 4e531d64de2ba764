"""What the jobs about the ends of consents ask, on behalf of a counselor: who is due, and with which words somebody is asked anew."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from audit import clock
from consent import law
from consent.access import counseled_requests, in_force, lapsed, versions_in_force
from consent.models import Form, Request, Version
from practice.models import User


def ended_by_now(user: Any) -> QuerySet[Request]:
    """The counselor (or who covers): consents not ended yet whose day has come, or the authority that they rest on is over."""
    now = clock.now()
    mine = counseled_requests(user).filter(ended_at=None, active_from__isnull=False)
    return mine.filter(Q(until__lte=now) | lapsed(now)).defer("shown")


def telling_of_another(user: User, supervisor: User) -> QuerySet[Request]:
    """The counselor: consents for counseling with them in force that tell of another than ``supervisor``, and not asked anew for that."""
    mine = counseled_requests(user).filter(in_force(), counselor=user.pk, wording__form__kind=Form.Kind.COUNSELING)
    asked = Request.objects.filter(replaces=OuterRef("pk"), supervisor=supervisor)
    return mine.exclude(supervisor=supervisor).filter(~Exists(asked)).defer("shown")


def asked_in_place_of(request: Request) -> Request | None:
    """What was asked to take the place of ``request``, which a rule gave, and waits or was answered since its end came near."""
    assert request.until
    since = request.until - datetime.timedelta(days=max(law.reminder_days()) + 1)
    return request.replaced_by.filter(Q(ended_at=None) | Q(asked_at__gte=since)).order_by("-asked_at").first()


def renewing_version(request: Request) -> Version | None:
    """The words in force now of the form and language of ``request``; None for a release, which is not renewed (AU-3), and for what
    shows one person's ways of being reached, which is sent anew when these change (CM-3).
    """
    form = request.wording.form
    if law.is_release(form.kind) or form.kind == Form.Kind.REACHING:
        return None
    return versions_in_force().filter(form=form.pk, language=request.wording.language).first()

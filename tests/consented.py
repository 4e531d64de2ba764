"""A client whose intake is done, by direct rows: the notice reached them, and a consent to counseling is in force.

Tests about anything but consent begin there; how a consent comes about is tested in tests/consent, where nobody has signed yet.
"""

from __future__ import annotations

import datetime

from audit import clock, doors
from clients.actions.team import supervisor_of
from clients.models import Client
from consent.evidence import shown_hash, text_hash
from consent.models import Form, NoticeDelivery, Request, Version
from practice.models import User

LONG_AGO = datetime.timedelta(days=3700)


def consented(client: Client, counselor: User, modalities: tuple[str, ...] = ("in_person", "video", "phone")) -> Request:
    """``client`` has read the notice and consented to meet ``counselor`` by ``modalities``, long ago and without an end."""
    with doors.system("test", on_behalf_of=counselor):
        long_ago = clock.now() - LONG_AGO
        notice = NoticeDelivery(client=client, wording=_in_force("notice", counselor), status="delivered", method="paper", at=long_ago)
        notice.recorded_by = counselor
        notice.save(force_insert=True)
        supervision = supervisor_of(counselor)
        request = Request(client=client, wording=_in_force("counseling", counselor), counselor=counselor, asked_by=counselor)
        request.supervisor = supervision.supervisor if supervision else None
        request.asked_at = request.active_from = long_ago
        request.modalities, request.shown = list(modalities), "## Consent {#consent}\nWe meet and talk."
        request.shown_hash = shown_hash(request)
        request.save(force_insert=True)
        return request


def _in_force(kind: str, approver: User) -> Version:
    """The form of ``kind`` that the test's practice has always had."""
    if found := Version.objects.filter(form__kind=kind, state=Version.State.IN_FORCE).first():
        return found
    form = Form.objects.create(kind=kind, title=f"The {kind} of the practice")
    version = Version(form=form, number=1, title=form.title, text="## Consent {#consent}\nWe meet and talk.", state="in_force")
    version.approved_by, version.approved_at, version.in_force_at = approver, clock.now(), clock.now()
    version.text_hash = text_hash(version)
    version.save(force_insert=True)
    return version

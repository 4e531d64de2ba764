"""Recertification: each grant kept or ended by a person, once a quarter (REV-2)."""

from __future__ import annotations

from audit import trail
from clients import actions as clients
from clients.models import Client, ClientPermission
from practice.models import User
from practice.refusals import Refused
from review.access import grants_to_check, other_admins, quarter
from review.models import GrantCheck


def check_grant(grant: ClientPermission, *, by: User, kept: bool) -> GrantCheck:
    """``by`` keeps ``grant`` or ends it now. Raises Refused for one's own while there is another admin, and if it needs no answer."""
    if grant.user_id == by.pk and User.objects.filter(other_admins(by)).exists():
        raise Refused("REV-2", "Nobody recertifies their own access.", "Another admin does.")
    if not grants_to_check(by).filter(pk=grant.pk).exists():
        raise Refused("REV-2", "This grant needs no answer this quarter.", "Somebody gave one already, or it is younger than the quarter.")
    row = GrantCheck(begins=quarter(), grant=grant.pk, client_id=grant.client_id, person_id=grant.user_id, kept=kept, checked_by=by)
    row.save(force_insert=True)
    trail.change(grant.user, "keep_grant" if kept else "not_keep_grant", client=Client(pk=grant.client_id))
    if not kept:
        clients.end_grant(grant, by=by)
    return row

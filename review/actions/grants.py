"""Recertification: each grant kept or ended by a person, once a quarter (REV-2)."""

from __future__ import annotations

from django.db.models import DateField, DateTimeField, Func, IntegerField, Value

from audit import trail
from clients import actions as clients
from clients.models import Client, ClientPermission
from practice.models import Practice, User
from practice.refusals import Refused
from review.access import dormant_accounts, grants_to_check, other_admins
from review.models import GrantCheck, Quarter
from review.periods import quarter, start


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


def sign_quarter(*, by: User) -> Quarter:
    """``by`` signs this quarter for good, with the dormant accounts they leave open. Raises Refused (REV-2) while a grant waits.

    Also one of their own counts, which they do not see: another admin decides it.
    """
    begins = quarter()
    values = (Value(begins, DateField()), Value(start(begins), DateTimeField()))
    left: int = Practice.objects.values_list(Func(*values, function="review_grants_left", output_field=IntegerField()), flat=True).get()
    if left:
        raise Refused("REV-2", f"{left} of its grants wait for a decision.", "Keep or end them; another admin decides those of your own.")
    if Quarter.objects.filter(begins=begins).exists():
        raise Refused("REV-2", "This quarter is signed already.", "")
    done = GrantCheck.objects.filter(begins=begins)
    sleeping = list(dormant_accounts(by).values_list("pk", flat=True))
    counts = {"kept": done.filter(kept=True).count(), "ended": done.filter(kept=False).count()}
    row = Quarter.objects.create(begins=begins, dormant=sleeping, signed_by=by, **counts)
    trail.change(row, "sign_quarter")
    return row

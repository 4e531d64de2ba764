"""The care team: assign, transfer, end, override the supervisor, deny. Every change is on the trail of the client."""

from __future__ import annotations

import datetime

from django.contrib.auth.models import Permission
from django.db.models import Q

from audit import clock, trail
from clients.access import live_grants
from clients.models import Client, ClientPermission, Codename, Denial
from practice.models import Supervision, User


def _permission(codename: Codename) -> Permission:
    return Permission.objects.get(codename=codename, content_type__app_label="clients", content_type__model="client")


def _row(
    client: Client, user: User, codename: Codename, by: User | None, reason: str, until: datetime.datetime | None = None
) -> ClientPermission:
    row = ClientPermission.objects.filter(user=user, content_object=client.pk, permission__codename=codename).first()
    row = row or ClientPermission(user=user, content_object_id=client.pk, permission=_permission(codename))
    now = clock.now()
    if row._state.adding or (row.until is not None and row.until <= now):
        row.since = now
    row.until, row.granted_by, row.reason = until, by, reason
    return row


def supervisor_of(counselor: User) -> Supervision | None:
    """The supervision of ``counselor`` in force now, if any."""
    now = clock.now()
    current = Supervision.objects.filter(Q(until=None) | Q(until__gt=now), supervisee=counselor, since__lte=now)
    return current.select_related("supervisor").order_by("-since").first()


def assign(client: Client, counselor: User, *, by: User, reason: str = "assigned") -> None:
    """Make ``counselor`` the client's counselor, and their supervisor of this day the client's supervisor.

    Works on a client not saved yet: the grant must be there before the row (the database asks for it).
    """
    rows = [_row(client, counselor, Codename.COUNSEL, by, reason)]
    if supervision := supervisor_of(counselor):
        rows.append(_row(client, supervision.supervisor, Codename.SUPERVISE, by, "supervision", supervision.until))
    _keep(rows)
    for row in rows:
        trail.change(row.user, f"assign_{row.permission.codename}", client=client)


def _keep(rows: list[ClientPermission]) -> None:
    # New rows go in one statement: the first grant on a client is allowed only while it has none.
    new = [row for row in rows if row._state.adding]
    for row in rows:
        if not row._state.adding:
            row.save()
    ClientPermission.objects.bulk_create(new)


def end_grant(grant: ClientPermission, *, by: User) -> None:
    """End ``grant`` now: list, detail, files and open pages go with it at once."""
    _end(grant)


def _end(grant: ClientPermission) -> None:
    grant.until = clock.now()
    grant.save()
    trail.change(grant.user, f"end_{grant.permission.codename}", client=grant.content_object)


def transfer(client: Client, *, to: User, by: User, reason: str) -> None:
    """Give ``client`` to another counselor: every counselor and supervisor of now ends, the new ones begin.

    ``reason`` is a code of TRANSFER_REASONS in clients/forms.py.
    """
    ending = live_grants([Codename.COUNSEL, Codename.SUPERVISE, Codename.COVER]).filter(content_object=client)
    former = list(ending.exclude(user=to).select_related("user", "permission", "content_object"))
    assign(client, to, by=by, reason=reason)
    kept = supervisor_of(to)
    # One's own grant last: with it goes the right to end the others.
    for grant in sorted(former, key=lambda grant: grant.user_id == by.pk):
        if not (grant.permission.codename == Codename.SUPERVISE and kept and grant.user_id == kept.supervisor_id):
            _end(grant)
    trail.change(client, "transfer")


def override_supervisor(client: Client, supervisor: User, *, by: User) -> None:
    """Put ``supervisor`` in the place of the default one, for this client only."""
    for grant in live_grants([Codename.SUPERVISE]).filter(content_object=client).exclude(user=supervisor):
        _end(grant)
    _keep([_row(client, supervisor, Codename.SUPERVISE, by, "override")])
    trail.change(supervisor, "override_supervisor", client=client)


def follow_supervision(supervision: Supervision, *, by: User) -> None:
    """Bring the grants of one supervision in line with its dates: called in the transaction that changed it."""
    over = supervision.until is not None and supervision.until <= clock.now()
    for grant in live_grants([Codename.COUNSEL]).filter(user=supervision.supervisee).select_related("content_object"):
        if over:
            _end_supervision_of(grant.content_object, supervision.supervisor)
        else:
            _keep([_row(grant.content_object, supervision.supervisor, Codename.SUPERVISE, by, "supervision", supervision.until)])
            trail.change(supervision.supervisor, "assign_supervise", client=grant.content_object)


def _end_supervision_of(client: Client, supervisor: User) -> None:
    """End the supervisor's grant, unless it was set by hand or another counselor of the client is still theirs."""
    others = live_grants([Codename.COUNSEL]).filter(content_object=client).select_related("user")
    if any(found.supervisor_id == supervisor.pk for grant in others if (found := supervisor_of(grant.user))):
        return
    mine = live_grants([Codename.SUPERVISE]).filter(content_object=client, user=supervisor, reason="supervision")
    for grant in mine.select_related("user", "permission", "content_object"):
        _end(grant)


def deny(client: Client, user: User, *, by: User, reason: str) -> Denial:
    """Put ``user`` on the client's deny list: it beats every grant, at once."""
    row = Denial.objects.filter(client=client, user=user).first() or Denial(client=client, user=user)
    row.reason, row.denied_by, row.denied_at = reason, by, clock.now()
    row.save()
    trail.change(row, "deny")
    return row


def lift_denial(row: Denial, *, by: User) -> None:
    """Take someone off the deny list; the trail keeps that they were on it."""
    trail.change(row, "lift_denial")
    row.delete()


def give_portal(client: Client, user: User, *, by: User, represents: bool = False, until: datetime.datetime | None = None) -> None:
    """Let ``user`` see this record in the portal, as the client or (``represents``) for them until a date."""
    codename = Codename.PORTAL_REPRESENT if represents else Codename.PORTAL_SELF
    _keep([_row(client, user, codename, by, "portal", until)])
    trail.change(user, "give_portal", client=client)

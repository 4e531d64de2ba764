"""The care team: assign, transfer, end, override the supervisor, deny. Every change is on the trail of the client."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q

from audit import clock, trail
from clients.access import assignable_clients, live_grants, whole
from clients.models import BreakGlass, Client, ClientPermission, Codename, Denial
from clients.models.team import CLINICAL
from practice.models import Supervision, User
from practice.refusals import Refused
from practice.roles import Role

# Called with whoever a record is to be opened to, and who opens it, before that is done: a room to the right refuses (SE-15).
admitting: list[Callable[[User, User], None]] = []


def _permission(codename: Codename) -> Permission:
    return Permission.objects.get(codename=codename, content_type__app_label="clients", content_type__model="client")


def _row(
    client: Client, user: User, codename: Codename, by: User | None, reason: str, until: datetime.datetime | None = None
) -> ClientPermission:
    row = ClientPermission.objects.filter(user=user, content_object=client.pk, permission__codename=codename).first()
    row = row or ClientPermission(user=user, content_object_id=client.pk, permission=_permission(codename))
    now = clock.now()
    if row._state.adding or (row.until is not None and row.until <= now):
        row.since, row.withheld, row.record_from = now, [], None
        _narrow(row, client, by)
    row.until, row.granted_by, row.reason = until, by, reason
    return row


def _narrow(row: ClientPermission, client: Client, by: User | None) -> None:
    """Whoever may not open all of a record hands on no more than they have."""
    own = live_grants([Codename.COUNSEL]).filter(content_object=client.pk, user=by).first() if by else None
    if own and own.withheld:
        row.withheld, row.record_from = own.withheld, own.record_from


def supervisor_of(counselor: User) -> Supervision | None:
    """The supervision of ``counselor`` in force now, if any."""
    now = clock.now()
    current = Supervision.objects.filter(Q(until=None) | Q(until__gt=now), supervisee=counselor, since__lte=now)
    return current.select_related("supervisor").order_by("-since").first()


def _unseen(grant: ClientPermission) -> Client:
    """The client of ``grant`` by id alone: who keeps a team need not see the row."""
    return Client(pk=grant.content_object_id)


def _refuse_denied(client: Client, person: User, by: User) -> None:
    if client._state.adding:
        return  # nobody stands on a list that is not there yet
    if Denial.objects.filter(client__in=whole([client.pk], assignable_clients, by), user=person).exists():
        raise Refused("SE-10", f"{person.name} is on this client's deny list.", "Choose somebody else, or take them off the list first.")


def _refuse_self(person: User, by: User) -> None:
    if person.pk == by.pk:
        raise Refused("SE-10", "Nobody gives themself access to a client's record.", "Ask the client's counselor or another admin.")


def _admit(person: User, by: User) -> None:
    for ask in admitting:
        ask(person, by)


# Raise Refused where a counselor may take on nobody new. Rooms to the right add theirs; whom they counsel already is not asked about.
taking_on: list[Callable[[User], None]] = []


def _refuse_new(client: Client, counselor: User) -> None:
    if client._state.adding or not ClientPermission.objects.filter(content_object=client.pk, permission__codename__in=CLINICAL).exists():
        for asks in taking_on:
            asks(counselor)


def assign(client: Client, counselor: User, *, by: User, reason: str = "assigned") -> None:
    """Make ``counselor`` the client's counselor, and their supervisor of this day the client's supervisor.

    Works on a client not saved yet: the grant must be there before the row (the database asks for it).
    Raises Refused for someone on the deny list, for oneself but at intake, for someone whose training is not in force, and where they may
    take on nobody new.
    """
    _refuse_denied(client, counselor, by)
    _admit(counselor, by)
    _refuse_new(client, counselor)
    if reason != "intake":
        _refuse_self(counselor, by)
    rows = [_row(client, counselor, Codename.COUNSEL, by, reason)]
    if supervision := supervisor_of(counselor):
        rows.append(_row(client, supervision.supervisor, Codename.SUPERVISE, by, "supervision", supervision.until))
    _keep(rows)
    for row in rows:
        trail.change(row.user, f"assign_{row.permission.codename}", client=client)


def open_to_executor(client: Client, *, by: User, until: datetime.datetime) -> None:
    """The record opens to ``by``, the professional executor, until their time is over. The database asks for the plan that allows it.

    Raises Refused for someone whose training is not in force.
    """
    _admit(by, by)
    _keep([_row(client, by, Codename.COVER, by, "executor", until)])
    trail.change(by, "assign_cover", client=client)


_DATED = ["since", "until", "granted_by", "reason", "withheld", "record_from"]  # all that the database lets change of a grant


def _keep(rows: list[ClientPermission]) -> None:
    # New rows go in one statement: the first grant on a client is allowed only while it has none.
    new = [row for row in rows if row._state.adding]
    for row in rows:
        if not row._state.adding:
            _date(row, _DATED)
    ClientPermission.objects.bulk_create(new)


def _date(row: ClientPermission, fields: list[str]) -> None:
    # By query: guardian's save() reads the client, whom the one who keeps the team may not see. And a grant that the
    # database did not let end must not look ended.
    if ClientPermission.objects.filter(pk=row.pk).update(**{name: getattr(row, name) for name in fields}) != 1:
        raise PermissionDenied("The database refused to date this grant.")


def end_grant(grant: ClientPermission, *, by: User) -> None:
    """End ``grant`` now: list, detail, files and open pages go with it at once.

    With a counselor's goes that of their default supervisor, unless they supervise another counselor of the client.
    """
    supervision = supervisor_of(grant.user) if grant.permission.codename == Codename.COUNSEL else None
    if supervision:
        _end_supervision_of(_unseen(grant), supervision.supervisor, without=grant)
    _end(grant)  # last: with one's own grant goes the right to end the other


def give_back(person: User) -> None:
    """End every grant of ``person``, who left and comes back: what they may open from now on is given anew (SE-11)."""
    for grant in live_grants(CLINICAL).filter(user=person).select_related("user", "permission"):
        _end(grant)


_OPENED_BY = {Role.COUNSELOR: [Codename.COUNSEL, Codename.COVER], Role.SUPERVISOR: [Codename.SUPERVISE, Codename.COVER]}


def lay_down(person: User, lost: set[Role]) -> None:
    """End what ``person`` could open as a counselor or supervisor, when that role is taken from them."""
    codenames = [codename for role in lost for codename in _OPENED_BY.get(role, [])]
    for grant in live_grants(codenames).filter(user=person).select_related("user", "permission"):
        _end(grant)


def _end(grant: ClientPermission) -> None:
    grant.until = clock.now()
    _date(grant, ["until"])
    if grant.permission.codename == Codename.COVER:
        open_ = BreakGlass.objects.filter(client=grant.content_object_id, user=grant.user_id, ended_at=None, until__gt=grant.until)
        open_.update(ended_at=grant.until)
    trail.change(grant.user, f"end_{grant.permission.codename}", client=_unseen(grant))


def leaving(client: Client, to: User) -> list[ClientPermission]:
    """The live staff grants that end when ``client`` goes to ``to``: everybody's but theirs and their supervisor's."""
    former = live_grants(CLINICAL).filter(content_object=client.pk).exclude(user=to).select_related("user", "permission")
    kept = supervisor_of(to)
    return [
        grant for grant in former if not (kept and grant.permission.codename == Codename.SUPERVISE and grant.user_id == kept.supervisor_id)
    ]


def take_over(client: Client, to: User, *, reason: str, ends_at: datetime.datetime, withheld: list[str], at: datetime.datetime) -> None:
    """``to``, who accepted at ``at``, counsels ``client`` from now on; everybody else of the team keeps it until ``ends_at``.

    ``withheld`` of what there is stays shut to them. The database asks for the accepted transfer behind it, and for no denial.
    """
    _admit(to, to)
    own = _row(client, to, Codename.COUNSEL, None, reason)
    own.since, own.granted_by, own.withheld, own.record_from = at, to, withheld, at if withheld else None
    _keep([own])
    trail.change(to, "assign_counsel", client=client)
    ending = leaving(client, to)
    if supervision := supervisor_of(to):
        _begin_supervision_of(client, supervision, to)
    for grant in ending:
        if grant.until is None or grant.until > ends_at:
            grant.until = max(ends_at, at)
            _date(grant, ["until"])
            trail.change(grant.user, f"date_{grant.permission.codename}", client=client)
    trail.change(client, "transfer")


def open_the_rest(grant: ClientPermission, *, by: User) -> None:
    """What a transfer left shut of the record opens to the holder of ``grant``, and to whoever supervises them."""
    supervision = supervisor_of(grant.user)
    people = [grant.user_id, supervision.supervisor_id if supervision else grant.user_id]
    for row in live_grants(CLINICAL).filter(content_object=grant.content_object_id, user__in=people).select_related("user", "permission"):
        row.withheld, row.record_from = [], None
        _date(row, ["withheld", "record_from"])
    trail.change(grant.user, "open_the_rest", client=_unseen(grant))


def transfer(client: Client, *, to: User, by: User, reason: str) -> None:
    """Give ``client`` to another counselor: every counselor and supervisor of now ends, the new ones begin.

    ``reason`` is a code of REASONS in clients/models/team.py. Raises Refused for someone on the deny list.
    """
    ending = leaving(client, to)
    assign(client, to, by=by, reason=reason)
    # One's own grant last: with it goes the right to end the others.
    for grant in sorted(ending, key=lambda grant: grant.user_id == by.pk):
        _end(grant)
    trail.change(client, "transfer")


def override_supervisor(client: Client, supervisor: User, *, by: User) -> None:
    """Put ``supervisor`` in the place of the default one, for this client only. Raises Refused as ``assign`` does."""
    _refuse_denied(client, supervisor, by)
    _admit(supervisor, by)
    _refuse_self(supervisor, by)
    for grant in (
        live_grants([Codename.SUPERVISE]).filter(content_object=client).exclude(user=supervisor).select_related("user", "permission")
    ):
        _end(grant)
    _keep([_row(client, supervisor, Codename.SUPERVISE, by, "override")])
    trail.change(supervisor, "override_supervisor", client=client)


def follow_supervision(supervision: Supervision, *, by: User) -> None:
    """Bring the grants of one supervision in line with its dates: called in the transaction that changed it.

    Where a client's supervisor was chosen by hand, that choice stands.
    """
    over = supervision.until is not None and supervision.until <= clock.now()
    overridden = live_grants([Codename.SUPERVISE]).filter(reason="override", content_object=OuterRef("content_object"))
    counseled = live_grants([Codename.COUNSEL]).filter(user=supervision.supervisee)
    for grant in counseled if over else counseled.exclude(Exists(overridden)):
        if over:
            _end_supervision_of(_unseen(grant), supervision.supervisor)
        else:
            _begin_supervision_of(_unseen(grant), supervision, by)


def _begin_supervision_of(client: Client, supervision: Supervision, by: User) -> None:
    _keep([_row(client, supervision.supervisor, Codename.SUPERVISE, by, "supervision", supervision.until)])
    trail.change(supervision.supervisor, "assign_supervise", client=client)


def _end_supervision_of(client: Client, supervisor: User, without: ClientPermission | None = None) -> None:
    """End the supervisor's grant, unless it was set by hand or a counselor of the client (``without`` one) is still theirs."""
    others = live_grants([Codename.COUNSEL]).filter(content_object=client.pk).select_related("user")
    staying = [grant.user for grant in others if grant != without]
    if any(found.supervisor_id == supervisor.pk for person in staying if (found := supervisor_of(person))):
        return
    mine = live_grants([Codename.SUPERVISE]).filter(content_object=client.pk, user=supervisor, reason="supervision")
    for grant in mine.select_related("user", "permission"):
        _end(grant)


def deny(client: Client, user: User, *, by: User, reason: str) -> Denial:
    """Put ``user`` on the client's deny list: it beats every grant, at once. ``reason`` is sealed.

    Raises Refused where no admin would be left to see who opened this record.
    """
    _keep_an_admin(client, user, by)
    row = Denial.objects.filter(client=client, user=user).first() or Denial(client=client, user=user)
    row.reason, row.denied_by, row.denied_at = reason, by, clock.now()
    row.save()
    trail.change(user, "deny", client=client)
    return row


def _keep_an_admin(client: Client, user: User, by: User) -> None:
    others = User.objects.working().filter(roles__contains=[Role.ADMIN]).exclude(pk=user.pk)
    if user.holds(Role.ADMIN) and not others.exclude(denials__client__in=whole([client.pk], assignable_clients, by)).exists():
        raise Refused("SE-12", "Nobody would be left to review who opened this record.", "Make somebody else an admin first.")


def lift_denial(row: Denial, *, by: User) -> None:
    """Take someone off the deny list; the trail keeps that they were on it."""
    trail.change(row.user, "lift_denial", client=Client(pk=row.client_id))
    row.delete()

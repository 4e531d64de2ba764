"""What two persons let go of is destroyed, 30 days later, by the job: one record a transaction, so that a kill leaves it whole or gone."""

from __future__ import annotations

import datetime
import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Max, Q
from django.db.utils import DatabaseError

from audit import clock, doors, trail
from audit.models import Act
from clients.models import Client, ClientPermission, ContactPoint
from clients.models.team import PORTAL
from practice.models import Notice
from retention import blocks, counting, database
from retention.models import UNDO_DAYS, Certificate, Item

from .batches import _mail


def _due() -> list[UUID]:
    """The items whose 30 days are over, persons before the couples and families whose sessions their records hang on."""
    over = clock.now() - datetime.timedelta(days=UNDO_DAYS)
    rows = Item.objects.filter(state=Item.State.WAITING, batch__approved_at__lte=over)
    units = Q(client__kind__in=["couple", "family", "group"])
    return [*rows.exclude(units).values_list("pk", flat=True), *rows.filter(units).values_list("pk", flat=True)]


def destroy_due() -> int:
    """Destroy what is due; returns how many records. What was done stays done, and the rest is done the next time.

    Raises what the database refused, once all were tried.
    """
    with doors.system("retention"):
        idents = _due()
    done, failed = 0, None
    for ident in idents:
        try:
            done += _destroy(ident)
        except DatabaseError as error:  # one that the database refuses holds up none of the others
            failed = failed or error
    if failed:
        raise failed
    return done


def _destroy(ident: UUID) -> bool:
    with doors.system("retention") as door:
        rows = Item.objects.filter(pk=ident, state=Item.State.WAITING).select_related("batch__proposed_by", "batch__asked", "client")
        item = rows.select_for_update(of=("self",)).first()
        if item is None:
            return False
        found, period = _asked_again(item)
        if found:
            _stop(item, found, door)
            return False
        if _parts_hang_on(item):
            return False  # those who were there go first; the next run finds none
        certificate = _certify(item, period)
        _empty(item)
        door.write(trail.line_for(Act.SYSTEM, certificate, "destroy"))
        return True


def _asked_again(item: Item) -> tuple[list[blocks.Block], dict[str, Any]]:
    """What stands against it at this moment, the day with it; and how that was counted."""
    found = blocks.against(item.client) + blocks.left_on_paper(item.batch.method, {item.client_id: item.code})
    counted = next(iter(counting.count([item.client_id])), None)
    if counted is None:  # it goes on again, and is said so
        return found, {}
    _, periods, unborn = counted
    if not counting.is_ripe(periods[0]):
        found.append(blocks.Block("day", "RET-21", "The day until which it is kept is not over.", "Wait."))
    return found, counting.told(periods[0], unborn)


def _stop(item: Item, found: list[blocks.Block], door: trail.Recorder) -> None:
    """A rule came between: it is taken out of the queue, and both are told."""
    now, rules = clock.now(), blocks.rules_of(found)
    Item.objects.filter(pk=item.pk).update(state=Item.State.STOPPED, rules=rules, ended_at=now)
    door.write(trail.Line(Act.SYSTEM, "retention.item", "stop_destruction", item.pk, item.client_id, rules))
    for person in filter(None, (item.batch.proposed_by, item.batch.asked)):
        _mail(person)


def _parts_hang_on(item: Item) -> bool:
    return bool(database.told("SELECT retention_parts(%s)", item.client_id))


def _certify(item: Item, period: dict[str, Any]) -> Certificate:
    """The certificate, before anything is gone: what was there, counted, and nothing of what it said (RET-24)."""
    counts: dict[str, Any] = json.loads(database.told("SELECT retention_counts(%s)::text", item.client_id))
    batch, today = item.batch, clock.today()
    assert batch.approved_at
    kept = {key: counts.pop(key) for key in ("first", "last", "holds", "keys")}
    told = {
        "until": period["until"], "words": period["words"], "arithmetic": period["arithmetic"],
        "first": kept["first"][:10], "last": kept["last"][:10], "counts": {name: many for name, many in counts.items() if many},
        "holds_released": kept["holds"], "checked_on": today.isoformat(), "witness": batch.witness, "vendor": batch.vendor,
        "paper": blocks.labels([item.client_id]),
    }  # fmt: skip
    certificate = Certificate(
        number=1 + (Certificate.objects.aggregate(last=Max("number"))["last"] or 0), item=item, client=item.client, code=item.code,
        rule=period["rule"], method=batch.method, performed_by=batch.proposed_by, approver=None if batch.outside else batch.approved_by,
        approved_at=batch.approved_at, keys=kept["keys"], told=told,
        backups_until=today + datetime.timedelta(days=settings.BACKUP_KEYS_KEPT_DAYS),
    )  # fmt: skip
    certificate.save(force_insert=True)
    return certificate


def _empty(item: Item) -> None:
    """Keys, rows, accounts and mail: the database does it, and asks once more whether it may."""
    database.told("SELECT retention_destroy(%s, %s)", item.pk, _mail_to(item.client))


def _mail_to(client: Client) -> list[UUID]:
    """The notices sent to them and to whoever stood for them: sealed with the practice's key, these would outlive theirs."""
    points = ContactPoint.objects.filter(client=client, kind=ContactPoint.Kind.MAIL)
    grants = ClientPermission.objects.filter(content_object=client, permission__codename__in=PORTAL)
    addresses = {str(point.address).casefold() for point in points}
    addresses |= {str(grant.user.email).casefold() for grant in grants.select_related("user")}
    if not addresses:
        return []
    sent = Notice.objects.filter(state=Notice.State.SENT).defer("subject", "body")
    return [notice.pk for notice in sent.iterator(500) if str(notice.to).casefold() in addresses]

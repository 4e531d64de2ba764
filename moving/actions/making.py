"""What the worker does: a bundle part by part, each a transaction of its own, so that whoever dies leaves whole parts; and its end."""

from __future__ import annotations

import datetime

from django.db.models import QuerySet

from audit import clock, doors, trail
from audit.models import Act
from clients.access import denied
from clients.models import Client
from moving import access, packing
from moving.models import MoveIn, MoveInFault, MoveInPiece, MoveOut, MoveOutPart, MoveOutPiece
from practice.models import User
from practice.refusals import Refused
from practice.roles import Role
from vault.blob import SealBroken

JOB = "move_out"
PIECE = 1024 * 1024  # bytes sealed at a time
DAYS = 7  # a bundle can be fetched
State, Outcome = MoveOutPart.State, MoveOut.Outcome


def make_next() -> bool:
    """One step of one bundle: lay out its parts, make the next one, or finish it; whether there was one."""
    with doors.system(JOB):
        row = _due().first()
        if row is None:
            return False
        if not _may_still(row):
            _stop(row)
            return True
        if row.total is None:
            _lay_out(row)
            return True
        part = row.parts.filter(state=State.WAITING).exclude(client=None).order_by("number").first()
        if part is None:
            _finish(row)
            return True
        reader = _reader(row, part)
    _make(part, reader)
    return True


def _due() -> QuerySet[MoveOut]:
    rows = MoveOut.objects.filter(outcome=Outcome.APPROVED, made_at=None, gone_at=None).select_related("asked_by")
    return rows.select_for_update(of=("self",), skip_locked=True).order_by("asked_at", "pk")


def _may_still(row: MoveOut) -> bool:
    """Whether the one who asked might still ask today (attack 16)."""
    by = row.asked_by
    if by.has_left or not by.is_staff_member:
        return False
    return by.holds(Role.ADMIN) if row.client_id is None else access.movable_clients(by).filter(pk=row.client_id).exists()


def _stop(row: MoveOut) -> None:
    row.outcome = Outcome.STOPPED
    row.save(update_fields=["outcome"])
    trail.recorder().write(trail.line_for(Act.SYSTEM, row, "move_out_stopped"))


def _lay_out(row: MoveOut) -> None:
    """A part for each client, but for those whom who asked is denied: of them nothing is told; and one for the frame."""
    found = (
        Client.objects.filter(~denied(row.asked_by))
        .exclude(status=Client.Status.DESTROYED)
        .order_by("since", "pk")
        .values_list("pk", flat=True)
    )
    chosen = list(found.filter(pk=row.client_id) if row.client_id else found)
    parts = [MoveOutPart(out=row, client_id=ident, number=number) for number, ident in enumerate([*chosen, None], 1)]
    MoveOutPart.objects.bulk_create(parts)
    row.total = len(parts)
    row.save(update_fields=["total"])


def _reader(row: MoveOut, part: MoveOutPart) -> User | None:
    """In whose name it is packed: the asker's, where they counsel the client and may open all of it, else a counselor's."""
    assert part.client_id
    found = [grant.user for grant in access.readers(Client(pk=part.client_id)) if not grant.user.has_left]
    own = [person for person in found if person.pk == row.asked_by_id]
    return next(iter(own or found), None)


def _make(part: MoveOutPart, reader: User | None) -> None:
    """The part, in the transaction of its bytes. What does not open is said, and the others go on."""
    try:
        with doors.system(JOB, on_behalf_of=reader):
            fresh = MoveOutPart.objects.select_for_update(of=("self",)).select_related("out").get(pk=part.pk)
            if fresh.state == State.WAITING:
                _pack(fresh, reader)
    except (SealBroken, Refused):
        with doors.system(JOB):
            MoveOutPart.objects.filter(pk=part.pk, state=State.WAITING).update(state=State.BROKEN, made_at=clock.now())


def _pack(part: MoveOutPart, reader: User | None) -> None:
    client = access.movable_clients(reader).filter(pk=part.client_id).first() if reader and part.client_id else None
    if reader is None or client is None:
        part.state = State.UNREAD
    else:
        private = part.out.private and reader.pk == part.out.asked_by_id
        told = part.out.purpose != MoveOut.Purpose.PERSON
        _keep(part, packing.part_of(client, reader, private=private, told=told))
        part.state, part.reader = State.MADE, reader
        trail.recorder().write(trail.line_for(Act.SYSTEM, client, JOB))
    part.made_at = clock.now()
    part.save(update_fields=["state", "reader", "made_at"])


def _keep(part: MoveOutPart, content: bytes) -> None:
    for position, start in enumerate(range(0, len(content), PIECE)):
        MoveOutPiece(part=part, position=position, content=content[start : start + PIECE]).save(force_insert=True)


def _finish(row: MoveOut) -> None:
    made = list(row.parts.select_related("reader", "client").order_by("number"))
    frame = made[-1]
    _keep(frame, packing.frame_of(row, made))
    frame.state, frame.made_at = State.MADE, clock.now()
    frame.save(update_fields=["state", "made_at"])
    row.made_at = clock.now()
    row.until = row.made_at + datetime.timedelta(days=DAYS)
    row.save(update_fields=["made_at", "until"])
    trail.recorder().write(trail.line_for(Act.SYSTEM, row, "move_out_made"))


def clear() -> int:
    """Destroy the bytes of every bundle that ended or was stopped; how many."""
    with doors.system(JOB):
        over = MoveOut.objects.filter(outcome=Outcome.STOPPED) | MoveOut.objects.filter(until__lte=clock.now())
        rows = list(over.filter(gone_at=None).select_for_update(of=("self",), skip_locked=True))
        for row in rows:
            MoveOutPiece.objects.filter(part__out=row).delete()
            row.gone_at = clock.now()
            row.save(update_fields=["gone_at"])
            trail.recorder().write(trail.line_for(Act.SYSTEM, row, "move_out_gone"))
        return len(rows) + _clear_files()


def _clear_files() -> int:
    """Files that were brought in are destroyed when their time is over, with their wrong rows; how many."""
    rows = list(MoveIn.objects.filter(gone_at=None, until__lte=clock.now()).defer("about").select_for_update(skip_locked=True))
    for row in rows:
        MoveInPiece.objects.filter(move=row).delete()
        MoveInFault.objects.filter(move=row).delete()
        row.gone_at = clock.now()
        row.save(update_fields=["gone_at"])
        trail.recorder().write(trail.line_for(Act.SYSTEM, row, "move_in_gone"))
    return len(rows)

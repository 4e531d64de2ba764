"""Fetching a bundle: whoever asked, with fresh proof, until it ends; accounted for where it goes to the client."""

from __future__ import annotations

from collections.abc import Iterator

from audit import clock, trail
from audit.models import Act
from disclosures.actions import Entry
from disclosures.actions.accounting import account
from disclosures.models import Disclosure
from moving import access, packing
from moving.models import MoveOut, MoveOutPart
from practice.models import User


def take(row: MoveOut, *, by: User) -> Iterator[bytes]:
    """The bundle, piece by piece, with a line of export for each client in it before the first byte. ``row`` is of a door, locked."""
    row.taken += 1
    row.save(update_fields=["taken"])
    if row.purpose == MoveOut.Purpose.PERSON and not Disclosure.objects.filter(client=row.client_id, source_id=row.pk).exists():
        _account(row, by)
    made = list(access.parts(by, row).filter(state=MoveOutPart.State.MADE))
    lines = [trail.line_for(Act.EXPORT, part.client, "move_take") for part in made if part.client]
    trail.recorder().write(trail.line_for(Act.EXPORT, row, "move_take"), *lines)
    return packing.sent(_contents(made))


def _account(row: MoveOut, by: User) -> None:
    what = "The whole record without psychotherapy notes, as open data"
    entry = Entry(clock.today(), "individual", "The client", what, row.reason)
    assert row.client_id
    account(row.client_id, entry, by=by, source=row.pk)


def _contents(made: list[MoveOutPart]) -> Iterator[tuple[int, bytes, bool]]:
    for part in made:
        yield part.number, b"".join(bytes(piece.content) for piece in part.pieces.order_by("position")), part.client_id is None

"""Rotation of the master key: every data key is wrapped anew by the newest master. Notes and what they say are never touched.

Nothing is remembered between runs but the keys themselves: each says which master wraps it, so a run that was killed goes
on where it was, two runs at once do no harm, and a run with nothing left changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.db import models, transaction

from . import keys
from .blob import SealBroken
from .models import DataKey

BATCH = 200  # keys that are changed together: their rows are locked for some hundredths of a second
TRIED = 3  # keys of one master that are opened to see whether it is the right one


@dataclass
class Progress:
    """How far a run came. ``shut``: the ids of keys that do not open under the ring, which nobody has changed."""

    total: int
    seen: int = 0
    done: int = 0
    shut: list[UUID] = field(default_factory=list)


Tell = Callable[[Progress], None]


def newest() -> str:
    """The id of the master that wraps new keys."""
    return next(iter(keys.masters()))


def there() -> models.QuerySet[DataKey]:
    """The keys there are: a shredded one is a row and no key. Only columns of always: an update asks before it migrates."""
    return DataKey.objects.exclude(master="").only("id", "owner", "compartment", "holder", "wrapped", "master")


def wraps() -> dict[str, int]:
    """How many data keys each master wraps; those of the ring first, in its order, and with nothing too."""
    counted = dict(there().values_list("master").annotate(models.Count("id")).order_by("master"))
    return dict.fromkeys(keys.masters(), 0) | counted


def left() -> models.QuerySet[DataKey]:
    """The keys that the newest master does not wrap yet."""
    return there().exclude(master=newest())


def _batches(rows: models.QuerySet[DataKey], size: int) -> Iterator[list[DataKey]]:
    """``rows`` by id, read as they are when their turn comes."""
    batch = list(rows.order_by("id")[:size])
    while batch:
        yield batch
        batch = list(rows.filter(id__gt=batch[-1].id).order_by("id")[:size])


def _open(row: DataKey, progress: Progress) -> bytes | None:
    try:
        return keys.unwrap(row)
    except SealBroken:
        progress.shut.append(row.id)
        return None


def _rewrap(batch: list[DataKey], progress: Progress) -> int:
    """Wrap what opens, then change the rows in one short transaction; a row that somebody changed or shredded meanwhile stays so."""
    anew = []
    for row in batch:
        before, raw = row.master, _open(row, progress)
        if raw is not None:
            keys.wrap(row, raw)
            anew.append((before, row))
    with transaction.atomic():
        return sum(DataKey.objects.filter(id=row.id, master=before).update(master=row.master, wrapped=row.wrapped) for before, row in anew)


def rotate(tell: Tell, size: int = BATCH) -> Progress:
    """Wrap every key by the newest master, ``size`` at a time; ``tell`` is called after each.

    Goes over them again until a round finds nothing to do: keys are made meanwhile. Those that do not open stay as they are.
    """
    progress = Progress(left().count())
    while True:
        before, progress.shut = progress.done, []
        for batch in _batches(left(), size):
            progress.done += _rewrap(batch, progress)
            progress.seen = progress.done + len(progress.shut)
            tell(progress)
        if progress.done == before:
            return progress


def verify(tell: Tell, size: int = 5 * BATCH) -> Progress:
    """Open every key under the ring, and change nothing."""
    progress = Progress(there().count())
    for batch in _batches(there(), size):
        progress.done += sum(_open(row, progress) is not None for row in batch)
        progress.seen += len(batch)
        tell(progress)
    return progress


def troubles() -> list[str]:
    """What is wrong with the ring for the keys there are, a sentence each: a master that is missing, or is not the one it is called."""
    found = []
    for ident, count in wraps().items():
        if ident not in keys.masters():
            found.append(f"{_many(count)} wrapped by the master '{ident}', which is not in MASTER_KEYS.")
        elif count > TRIED and not _is_right(ident):  # a few may be damaged; verify names them, and the practice goes on
            found.append(
                f"{_many(count)} wrapped by a master called '{ident}', and the one of that name in MASTER_KEYS does not open them."
            )
    return found


def _many(count: int) -> str:
    return "1 data key is" if count == 1 else f"{count:,} data keys are"


def _is_right(ident: str) -> bool:
    """Whether the master opens any of a few keys it is said to wrap."""
    tried = Progress(TRIED)
    return any(_open(row, tried) is not None for row in there().filter(master=ident).order_by("id")[:TRIED])

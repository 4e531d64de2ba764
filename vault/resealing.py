"""New data keys for old: every value and file is sealed anew under the key that took its key's place, while people work.

A key is *retired* and its successor made in one transaction. The old one still opens; what is written from then on is under the
new one. Then every row of every sealed model that names a retired key is locked for some hundredths of a second, opened, sealed
anew at the same row version, looked at and written. A retired key is dropped when no value names it, and nobody is left who could
have taken it before or holds a row from before. Nothing is remembered but keys and rows: a run that was killed goes on where it was.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models, transaction
from django.db.models.functions import Now

from . import blob, gate, keys, waiting
from .blob import SealBroken
from .fields import Sealed, SealedModel
from .models import DataKey

LONGEST_PAUSE = 1.0  # seconds, before rows are tried again that others hold


@dataclass
class Progress:
    """How far a run came. ``shut``: rows with a value that does not open, which nobody has changed."""

    total: int = 0
    done: int = 0
    dropped: int = 0
    shut: dict[tuple[str, UUID], None] = field(default_factory=dict)
    waits_for: list[str] = field(default_factory=list)

    @property
    def seen(self) -> int:
        """Rows that are done with."""
        return self.done + len(self.shut)


Tell = Callable[[Progress], None]


@dataclass(frozen=True)
class Pace:
    """How fast. ``size``: rows that are locked together; ``rest``: how long after each turn, in turns, so that people hardly notice;
    ``grace``: seconds that a key outlives the last value that named it, for pages that hold a row read before."""

    size: int = 50
    rest: float = 1.0
    grace: float = 60.0


class KeyOf(models.Func):
    """The id of the data key that a sealed column names, as it stands in the blob."""

    template = "substring(%(expressions)s from 2 for 16)"
    output_field = models.BinaryField()


class _Bytes(models.Func):
    function = "uuid_send"
    output_field = models.BinaryField()


class _VersionOf(models.Func):
    """The version byte of a sealed column."""

    template = "get_byte(%(expressions)s, 0)"
    output_field = models.IntegerField()


def sealed_models() -> list[type[SealedModel]]:
    """Every model with sealed fields, from the models themselves (attack 91)."""
    return [model for model in apps.get_models() if issubclass(model, SealedModel) and model.sealed_fields()]


def retired() -> models.QuerySet[DataKey]:
    """The keys whose values are to go under their successors."""
    return DataKey.objects.filter(retired_at__isnull=False)


def naming(model: type[SealedModel]) -> models.QuerySet[Any]:
    """The rows of ``model`` of which a value names a retired key, or is of an older version than what is sealed today."""
    names = [each.attname for each in model.sealed_fields()]
    looks: dict[str, models.Func] = {f"key_of_{name}": KeyOf(models.F(name)) for name in names}
    looks |= {f"version_of_{name}": _VersionOf(models.F(name)) for name in names}
    either: list[tuple[str, Any]] = [(f"key_of_{name}__in", retired().values(name=_Bytes("id"))) for name in names]
    if blob.VERSION > blob.FIRST:
        either += [(f"version_of_{name}__lt", blob.VERSION) for name in names]
    return model._base_manager.alias(**looks).filter(models.Q(*either, _connector=models.Q.OR))


def replaceable(which: models.Q) -> models.QuerySet[DataKey]:
    """The keys of ``which`` that can have a successor: clients', in use, and there."""
    return DataKey.objects.filter(which, retired_at=None, shredded_at=None).exclude(owner=gate.PRACTICE)


def replace(which: models.Q) -> list[DataKey]:
    """Retire the clients' keys of ``which`` and put new ones in their place, in the transaction of the caller; returns the new.

    A keyhole that has a retired key still is left out: its turn is not over. So is what is shredded, and the practice's own keys.
    """
    found = list(replaceable(which).select_for_update().order_by("id"))
    turning = set(retired().filter(owner__in={row.owner for row in found}).values_list("owner", "compartment", "holder"))
    old = [row for row in found if (row.owner, row.compartment, row.holder) not in turning]
    DataKey.objects.filter(pk__in=[row.pk for row in old]).update(retired_at=Now())
    anew = [DataKey(owner=row.owner, compartment=row.compartment, holder=row.holder) for row in old]
    for row in anew:
        keys.wrap(row, os.urandom(32))
    return DataKey.objects.bulk_create(anew)


def _anew(row: SealedModel) -> dict[str, Sealed]:
    """The values of ``row`` that are not under their key of today, sealed anew. Raises SealBroken if any does not open."""
    shut = {each: row.__dict__[each.attname] for each in row.sealed_fields()}
    found = {each.attname: each.reseal(row, value) for each, value in shut.items() if value is not None}
    return {name: value for name, value in found.items() if value is not None}


def _turn(model: type[SealedModel], idents: list[UUID], progress: Progress) -> None:
    """One short transaction. Rows that others hold are left for the next round: who never waits for a lock cannot deadlock."""
    with gate.open_by(gate.Opening()), transaction.atomic():
        for row in naming(model).filter(pk__in=idents).select_for_update(skip_locked=True, no_key=True, of=("self",)):
            try:
                model._base_manager.filter(pk=row.pk).update(**_anew(row))
                progress.done += 1
            except SealBroken:
                progress.shut[model._meta.label_lower, row.pk] = None


def _batches(model: type[SealedModel], size: int) -> Iterator[list[UUID]]:
    rows = naming(model).order_by("pk").values_list("pk", flat=True)
    batch = list(rows[:size])
    while batch:
        yield batch
        batch = list(rows.filter(pk__gt=batch[-1])[:size])


def _round(tell: Tell, progress: Progress, pace: Pace) -> int:
    """Once through all that names a retired key; returns how many rows did so and could be opened, for all that is known."""
    found = 0
    for model in sealed_models():
        for idents in _batches(model, pace.size):
            found += sum((model._meta.label_lower, each) not in progress.shut for each in idents)
            began = time.monotonic()
            _turn(model, idents, progress)
            tell(progress)
            time.sleep(pace.rest * (time.monotonic() - began))
    return found


def _all(tell: Tell, progress: Progress, pace: Pace) -> None:
    """Rounds, until one leaves nothing to others who hold a row."""
    pause = 0.01
    before = progress.seen
    while _round(tell, progress, pace) > progress.seen - before:
        time.sleep(pause)
        pause, before = min(2 * pause, LONGEST_PAUSE), progress.seen


def _named() -> set[UUID]:
    """The retired keys that a value names still, in any table."""
    old = retired().values(name=_Bytes("id"))
    found: set[UUID] = set()
    for model in sealed_models():
        for each in model.sealed_fields():
            named = model._base_manager.annotate(named_key=KeyOf(models.F(each.attname))).filter(named_key__in=old)
            found |= {UUID(bytes=bytes(key)) for key in named.values_list("named_key", flat=True).distinct()}
    return found


def below(model: type[SealedModel], version: int) -> int:
    """How many values of ``model`` are of an older version than ``version``."""
    columns = [each.attname for each in model.sealed_fields()]
    return sum(model._base_manager.alias(seen=_VersionOf(models.F(name))).filter(seen__lt=version).count() for name in columns)


def count() -> int:
    """How many rows name a retired key."""
    return sum(naming(model).count() for model in sealed_models())


def reseal(tell: Tell, pace: Pace = Pace()) -> Progress:
    """Seal anew whatever a retired key sealed, and drop each retired key that nothing names any more.

    Raises nothing for a value that does not open: its row stays as it is, so does its key, and ``shut`` names it.
    """
    progress = Progress(count())

    def wait() -> None:
        def waiting_for(names: list[str]) -> None:
            progress.waits_for = names
            tell(progress)

        waiting.until_all_are_over(waiting_for)
        progress.waits_for = []

    going = list(retired().values_list("pk", flat=True))
    _all(tell, progress, pace)
    wait()  # whoever took a key before it was retired has written by now
    _all(tell, progress, pace)
    wait()  # and whoever read a row before it was sealed anew has opened it
    if going:
        time.sleep(pace.grace)
    gone = set(going) - _named()
    progress.dropped = retired().filter(pk__in=gone).delete()[0]
    return progress

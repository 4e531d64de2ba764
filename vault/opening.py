"""Opens every sealed value and file there is, as its own row's, to see that it opens; changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings

from . import gate, resealing
from .blob import SealBroken, key_id
from .fields import Sealed, SealedField, SealedModel
from .models import DataKey

BATCH = 200


@dataclass
class Census:
    """What was found. ``shut``: values that do not open, by model, field and row; ``place``: where a run stands."""

    total: int = 0
    rows: int = 0
    values: int = 0
    open: int = 0
    old: int = 0
    below: int = 0
    shredded: int = 0
    place: str = ""
    shut: list[str] = field(default_factory=list)


def _batches(model: type[SealedModel], since: UUID | None) -> Iterator[list[SealedModel]]:
    rows = model._base_manager.order_by("pk")
    batch = list(rows.filter(pk__gt=since)[:BATCH] if since else rows[:BATCH])
    while batch:
        yield batch
        batch = list(rows.filter(pk__gt=batch[-1].pk)[:BATCH])


class _Eye:
    """Looks at values, and counts."""

    def __init__(self, found: Census) -> None:
        self.found = found
        self.retired = set(resealing.retired().values_list("pk", flat=True))
        self.shredded = set(DataKey.objects.filter(shredded_at__isnull=False).values_list("owner", flat=True))

    def look(self, row: SealedModel, each: SealedField, value: Sealed) -> None:
        """Open one value, as whoever reads the row does."""
        self.found.values += 1
        self.found.below += value.blob[:1] < bytes([settings.VAULT_MINIMUM_VERSION])
        try:
            each.look(row, value)
            self.found.open += 1
            self.found.old += key_id(value.blob) in self.retired
        except SealBroken:
            if row.keyhole().owner in self.shredded:
                self.found.shredded += 1
            else:
                self.found.shut.append(f"{row._meta.label_lower}.{each.attname} {row.pk}")


def _look_at(rows: list[Any], eye: _Eye) -> None:
    for row in rows:
        shut = {each: row.__dict__[each.attname] for each in row.sealed_fields()}
        for each, value in shut.items():
            if value is not None:
                eye.look(row, each, value)


def every_value(tell: Callable[[Census], None], since: str = "") -> Census:
    """Look at every value, or at those after ``since``, which is a ``place`` that an earlier run told."""
    label, _, ident = since.partition(" ")
    every = sorted(resealing.sealed_models(), key=lambda model: model._meta.label_lower)
    found = Census(sum(model._base_manager.count() for model in every))
    eye = _Eye(found)
    for model in every:
        name = model._meta.label_lower
        if name < label:
            found.rows += model._base_manager.count()
            continue
        for rows in _batches(model, UUID(ident) if ident and name == label else None):
            with gate.open_by(gate.Opening()):
                _look_at(rows, eye)
            found.rows, found.place = found.rows + len(rows), f"{name} {rows[-1].pk}"
            tell(found)
    return found


def sample(size: int) -> Census:
    """Look at all values of up to ``size`` rows of each table, those after a random place in it."""
    every = resealing.sealed_models()
    found = Census(size * len(every))
    eye = _Eye(found)
    for model in every:
        rows, since = model._base_manager.order_by("pk"), uuid4()
        chosen = list(rows.filter(pk__gte=since)[:size])
        chosen += list(rows.filter(pk__lt=since)[: size - len(chosen)])
        with gate.open_by(gate.Opening()):
            _look_at(chosen, eye)
        found.rows += len(chosen)
    return found

"""Pages of a long list by key, not by number: as quick on the last page as on the first, and nothing is skipped."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)
Order = tuple[str, str]


@dataclass(frozen=True)
class Page(Generic[M]):
    """The rows of one page, and the keys that lead on (empty: nothing there)."""

    rows: list[M]
    newer: str = ""
    older: str = ""


def key_of(row: Model, order: Order) -> str:
    """The place of ``row`` in a list ordered by ``order``, as an address or a form carries it: a moment and an id."""
    moment: datetime.datetime = getattr(row, order[0].lstrip("-"))
    return f"{moment.astimezone(datetime.UTC):%Y%m%dT%H%M%S.%f}~{getattr(row, order[1].lstrip('-'))}"


def _values(key: str) -> tuple[datetime.datetime, int | UUID] | None:
    """The moment and the id in ``key``, or None if it is none of ours: then the list starts at its beginning."""
    try:
        moment, ident = key.split("~")
        at = datetime.datetime.strptime(moment, "%Y%m%dT%H%M%S.%f").replace(tzinfo=datetime.UTC)
        return at, int(ident) if ident.isascii() and ident.isdigit() and len(ident) < 19 else UUID(ident)
    except ValueError:
        return None


def _beyond(order: Order, key: tuple[datetime.datetime, Any], forward: bool) -> Q:
    first, second = (name.lstrip("-") for name in order)
    down = [name.startswith("-") == forward for name in order]
    past = ["lt" if falls else "gt" for falls in down]
    # The first condition alone bounds the index (and picks the partitions); the second settles rows of the same moment.
    return Q(**{f"{first}__{past[0]}e": key[0]}) & (Q(**{f"{first}__{past[0]}": key[0]}) | Q(**{f"{second}__{past[1]}": key[1]}))


def after(rows: QuerySet[M], *, order: Order, key: str) -> QuerySet[M]:
    """``rows``, which have UUIDs, in ``order`` and behind ``key``; all of them where it is none of ours."""
    found = _values(key)
    return rows.filter(_beyond(order, found, True)) if found and isinstance(found[1], UUID) else rows


def page_of(rows: QuerySet[M], *, order: Order, newer: str = "", older: str = "", size: int = 25) -> Page[M]:
    """The page of ``rows`` before the key ``newer`` or after ``older`` (both may come from anywhere), ordered by ``order``.

    ``order`` is a moment and an id, each with a minus for descending.
    """
    forward = not newer
    key = _values(newer or older)
    found = rows.order_by(*order) if forward else rows.order_by(*order).reverse()
    if key and isinstance(key[1], int) == (rows.model._meta.pk.get_internal_type() == "BigAutoField"):
        found = found.filter(_beyond(order, key, forward))
    some = list(found[: size + 1])
    more, shown = len(some) > size, some[:size] if forward else some[:size][::-1]
    if not shown:
        return Page([])
    first, last = key_of(shown[0], order), key_of(shown[-1], order)
    return Page(shown, first if (key and forward) or (more and not forward) else "", last if more or not forward else "")

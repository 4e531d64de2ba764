"""A rule's question to the database, put into SQL once and asked again with other values.

Putting a rule together takes longer than answering it. A statement is kept for a rule, a set of roles and the keys it is
asked by, and only where it is certain to be the same for everybody who holds those roles: it is put together for two invented
people at two invented moments, and kept if the two differ in nothing but the person, the moment, its day and the keys. A rule that
looks at anything else of the person, or asks the database while it is put together, is put together every time as before.
tests/conftest.py compares each kept statement with one that was put together on the spot.
"""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import FunctionType
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from vault.planned import Question, planned

from . import clock

Rule = Callable[[Any], models.QuerySet[Any]]
MOST = 1000  # statements kept; there are some hundred rules, and few sets of roles

_PEOPLE = (UUID("6b1f5a52-54a5-4c0e-9d0c-0c6a1b7f2e01"), UUID("e2a9c1d4-7b39-4f51-8a77-93d5f0b16c02"))
_MOMENTS = (datetime.datetime(2001, 2, 3, 4, 5, 6, 70809, datetime.UTC), datetime.datetime(2012, 11, 10, 12, 8, 7, 60504, datetime.UTC))
_ZONES = ("UTC", "Pacific/Chatham")  # at the second moment it is the 11th there
_KEYS: dict[type, tuple[Any, Any]] = {
    UUID: (UUID("0d9a3f77-2c6e-4b1a-b8f4-5e4c7a903d11"), UUID("97c4be08-61d2-4e9f-85a3-1f2b6d0e8c12")),
    int: (1_618_033_988, 1_414_213_562),
    str: ("sub-rosa-one-key", "sub-rosa-other-key"),
}


class Unfit(Exception):
    """This rule's statement cannot be kept: it depends on more than person, moment, day and keys."""


class _Somebody:
    """Stands in for a person of the same roles: knows an id, the roles, and what their class works out from these."""

    def __init__(self, ident: UUID, person: Any) -> None:
        self.pk = self.id = ident
        self.roles = list(person.roles)
        self._kind = person.__class__

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._kind, name, None)
        if isinstance(found, property) and found.fget:
            return found.fget(self)
        if isinstance(found, FunctionType):
            return found.__get__(self)
        raise Unfit(name)


@dataclass(frozen=True, kw_only=True)
class Statement(Question):
    """A question whose holes are the person, the moment, its day or a key. Without ``compiler`` nothing is found."""

    model: type[models.Model]
    query: Any
    compiler: SQLCompiler | None = None

    def rows(self, given: Mapping[str, Any]) -> list[models.Model]:
        """The rows the statement finds, made as Django makes them."""
        if self.compiler is None:
            return []
        asked, name = copy.copy(self.compiler), self.compiler.using or DEFAULT_DB_ALIAS
        asked.connection = connections[name]  # this thread's
        query = copy.copy(self.query)
        query.get_compiler = lambda *_, **__: asked
        with planned(self, given) as filled:
            asked.as_sql = lambda *_, **__: filled  # type: ignore[method-assign]  # the statement that was kept
            return list(models.QuerySet(self.model, query, using=name))


_kept: dict[tuple[Any, ...], Statement | None] = {}


_models: dict[Rule, type[models.Model]] = {}


def put(rule: Rule, user: Any, keys: Mapping[str, Any], lock: bool) -> models.QuerySet[Any]:
    """The rule's rows with these keys as a queryset: two at most, for one alone may pass. What is locked is looked at afterwards."""
    rows = rule(user)
    if lock:
        rows = rows.select_related(None).order_by().only("pk").select_for_update(of=("self",))
    return rows.filter(**keys)[:2]


def model_of(rule: Rule, user: Any) -> type[models.Model]:
    """What ``rule`` finds rows of: the same for everybody, so the rule is put together for it once."""
    if rule not in _models:
        _models[rule] = rule(user).model
    return _models[rule]


def rows(rule: Rule, user: Any, keys: Mapping[str, Any], *, lock: bool = False) -> list[models.Model]:
    """The rows of ``rule(user)`` with these keys, two at most; ``lock`` takes them FOR UPDATE. Runs in a transaction."""
    statement = kept(rule, user, keys, lock)
    return statement.rows(given(user, keys)) if statement else list(put(rule, user, keys, lock))


def given(user: Any, keys: Mapping[str, Any]) -> dict[str, Any]:
    """What goes into the holes; ``today`` is the day of the zone that is in force, as rules by date ask for it."""
    moment = clock.now()
    known = {"person": user.pk, "moment": moment, "today": timezone.localdate(moment)}
    return known | {f"key {name}": value for name, value in keys.items()}


def kept(rule: Rule, user: Any, keys: Mapping[str, Any], lock: bool) -> Statement | None:
    """The statement kept for this question, made now if it is the first time; None where it must be put together each time."""
    if not isinstance(user.pk, UUID) or any(type(value) not in _KEYS for value in keys.values()):
        return None
    name = (rule, user.__class__, *sorted(user.roles), lock, *((key, type(value)) for key, value in keys.items()))
    if name not in _kept:
        if len(_kept) >= MOST:
            return None
        _kept[name] = _made(rule, user, keys, lock)
    return _kept[name]


def _made(rule: Rule, user: Any, keys: Mapping[str, Any], lock: bool) -> Statement | None:
    try:
        return _joined(*(_compiled(rule, user, keys, lock, side) for side in (0, 1)))
    except Unfit:
        return None


@contextmanager
def _elsewhere(side: int) -> Iterator[None]:
    """Another moment, another time zone, and no word to the database."""

    def refuse(*_: Any) -> Any:
        raise Unfit("asks while it is put together")

    with clock.at(_MOMENTS[side]), timezone.override(_ZONES[side]), connection.execute_wrapper(refuse):
        yield


def _compiled(rule: Rule, user: Any, keys: Mapping[str, Any], lock: bool, side: int) -> tuple[Statement, dict[str, Any]]:
    somebody = _Somebody(_PEOPLE[side], user)
    stand_ins = {name: _KEYS[type(value)][side] for name, value in keys.items()}
    with _elsewhere(side):
        asked = put(rule, somebody, stand_ins, lock)
        if asked._prefetch_related_lookups or not issubclass(asked._iterable_class, models.query.ModelIterable):  # type: ignore[attr-defined]  # missing from the stubs
            raise Unfit("fetches more than its rows")
        compiler = asked.query.get_compiler(using=asked.db)
        try:
            sql, values = compiler.as_sql()
        except EmptyResultSet:
            return Statement(model=asked.model, query=asked.query), given(somebody, stand_ins)
        return Statement(model=asked.model, query=asked.query, compiler=compiler, sql=sql, values=tuple(values)), given(somebody, stand_ins)


def _joined(one: tuple[Statement, dict[str, Any]], other: tuple[Statement, dict[str, Any]]) -> Statement:
    (first, mine), (second, theirs) = one, other
    if (first.sql, len(first.values)) != (second.sql, len(second.values)):
        raise Unfit("is not the same for everybody")
    pairs = enumerate(zip(first.values, second.values, strict=True))
    holes = tuple((place, _named(pair, mine, theirs)) for place, pair in pairs if pair[0] != pair[1])
    return replace(first, holes=holes)


def _named(pair: tuple[Any, Any], mine: dict[str, Any], theirs: dict[str, Any]) -> str:
    """What differs there: the person, the moment, its day or a key; anything else makes the rule unfit."""
    for name in mine:
        if pair == (mine[name], theirs[name]):
            return name
    raise Unfit("works something out from the person or the moment")

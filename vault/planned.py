"""A statement that every page asks (audit/asking.py, vault/keys.py) is planned once a connection: SQL's own PREPARE and EXECUTE.

The database takes some ten times as long to plan the question behind a page, with the policies of each of its tables, as to answer it.
What is planned holds nobody's values, and the policies ask who acts at each run, as before. A statement is prepared when it is asked
a second time on a connection, so that what is asked once costs nothing more. Behind a pooler that lends its connections by the
transaction, set DATABASE_PREPARES=0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import DatabaseError, connection

MOST = 200  # plans that a connection keeps; each takes some hundred kilobytes of the server's memory
_TYPES = {"UUID": "uuid", "datetime": "timestamptz", "date": "date", "int": "bigint", "str": "text"}
_LOST = {"26000", "0A000"}  # no such plan (somebody said DISCARD), or a column that it shows has another type now
_numbers = count(1)  # a name is used once: one whose first run failed may be there


@dataclass(frozen=True, kw_only=True)
class Question:
    """SQL with holes: ``holes`` says by place which of its ``values`` are given anew each time, and by what name."""

    sql: str = ""
    values: tuple[Any, ...] = ()
    holes: tuple[tuple[int, str], ...] = ()

    def filled(self, given: Mapping[str, Any]) -> tuple[str, tuple[Any, ...]]:
        """The SQL and its parameters for these values."""
        values = list(self.values)
        for place, name in self.holes:
            values[place] = given[name]
        return self.sql, tuple(values)


@dataclass
class _Plans:
    """What one connection has been asked, and under which name it was planned. Questions are kept, so that their ids stay theirs."""

    asked: dict[int, Question] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)


_plans: WeakKeyDictionary[Any, _Plans] = WeakKeyDictionary()


@contextmanager
def planned(question: Question, given: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The SQL and the parameters to ask ``question`` with, inside the block and in a transaction."""
    connection.ensure_connection()  # the question may be the first one
    plans, ident = _plans.setdefault(connection.connection, _Plans()), id(question)
    if ident not in plans.names and (ident not in plans.asked or len(plans.names) >= MOST or not settings.DATABASE_PREPARES):
        plans.asked[ident] = question
        yield question.filled(given)
        return
    order = list(dict.fromkeys(hole for _, hole in question.holes))
    values = tuple(given[hole] for hole in order)
    name = plans.names.get(ident) or _prepared(question, order, values)
    plans.names[ident] = name
    try:
        yield f"EXECUTE {name}" + (f" ({', '.join(['%s'] * len(order))})" if order else ""), values
    except DatabaseError as error:
        if getattr(error.__cause__, "pgcode", None) in _LOST:
            plans.names.clear()  # the next request plans anew
        raise


def _prepared(question: Question, order: list[str], values: tuple[Any, ...]) -> str:
    """Have the connection plan ``question``; returns the name of the plan. A trip of its own: the server keeps the text as it was sent."""
    name = f"planned_{next(_numbers)}"
    types = ", ".join(_TYPES[type(value).__name__] for value in values)
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        cursor.execute(f"PREPARE {name}{f' ({types})' if order else ''} AS {_numbered(cursor, question, order)}")
    return name


def _numbered(cursor: Any, question: Question, order: list[str]) -> str:
    """The statement with $1, $2 … for its holes and everything else written out."""
    names = dict(question.holes)
    written = [cursor.mogrify("%s", [value]).decode() for value in question.values]
    words = iter([f"${order.index(names[place]) + 1}" if place in names else word for place, word in enumerate(written)])
    return re.sub("%[s%]", lambda found: next(words) if found.group() == "%s" else "%", question.sql)

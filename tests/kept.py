"""The cast is worked out once a worker. What a fixture wrote then is written again, word for word, in the tests that follow.

Taking a client in, consenting and signing a note take a tenth of a second of rules, keys and hashes, and a thousand tests begin there.
A fixture marked ``@kept`` is made by the real actions the first time; its statements are kept, and sent in one go the next time,
through the same triggers and policies. They are kept for what went before in the test, fixture by fixture; after anything else was
written, or while the clock is another, the fixture is made by its actions as if this file were not there.
"""

from __future__ import annotations

import copy
import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
from django.db import connection, models
from django.db.backends.utils import CursorWrapper

from audit import clock

Made = TypeVar("Made", bound=models.Model)

_ACTOR = re.compile(r"SELECT set_config\('subrosa\.actor', '[^']*', true\)")
_FOREWORD = re.compile(rf"^(?:SET TRANSACTION READ ONLY; )?(?:{_ACTOR.pattern}(?:; )?)?")
_READS = re.compile(r"SELECT (?!set_config|pg_|subrosa_)|EXECUTE |PREPARE |SAVEPOINT |RELEASE |$")
_NUMBERED = re.compile(r'INSERT INTO ("\w+") \((.*?)\) VALUES \((.*)\) RETURNING \1\."id"$', re.S)


@dataclass
class _Test:
    """What this test's fixtures wrote so far: which kept ones there were, and whether anything else wrote."""

    before: tuple[Any, ...] = ()
    strange: bool = False
    noting: list[str] | None = None


@dataclass(frozen=True)
class _Written:
    """The statements of a fixture, and what it handed over."""

    statements: str
    made: models.Model


_test = _Test()
_kept: dict[tuple[Any, ...], _Written] = {}


def _note(cursor: Any, sent: str) -> None:
    """Keep a statement that was just run: all of it if it wrote, who acts from then on if it did not."""
    said = _FOREWORD.sub("", sent, count=1)
    if _READS.match(said):
        if _test.noting is not None and (acts := _ACTOR.search(sent)):
            _test.noting.append(acts.group())
    elif _test.noting is None or said.startswith("ROLLBACK"):
        _test.strange = True
    else:
        _test.noting.append(sent.removeprefix("SET TRANSACTION READ ONLY; ").replace(said, _numbered(cursor, said)))


def _numbered(cursor: Any, said: str) -> str:
    """An insert whose number the database gave, with that number: what was written later may name it."""
    asked = _NUMBERED.match(said)
    if asked is None or cursor.rowcount != 1:
        return said
    (number, *_) = cursor.fetchone()
    cursor.scroll(-1)
    table, columns, values = asked.groups()
    return f'INSERT INTO {table} ("id", {columns}) VALUES ({number}, {values})' if isinstance(number, int) else said


@pytest.fixture(scope="session", autouse=True)
def statements_noted() -> Iterator[None]:
    """Every statement of this process passes ``_note`` once it has run."""
    run, run_many = CursorWrapper._execute, CursorWrapper._executemany  # type: ignore[attr-defined]  # missing from the stubs

    def noted(self: Any, sql: str, params: Any, *rest: Any) -> Any:
        found = run(self, sql, params, *rest)
        if not _test.strange and hasattr(self.cursor, "mogrify"):
            _note(self.cursor, self.cursor.mogrify(sql, params).decode())
        return found

    def noted_many(self: Any, *given: Any) -> Any:
        _test.strange = True
        return run_many(self, *given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CursorWrapper, "_execute", noted)
        patch.setattr(CursorWrapper, "_executemany", noted_many)
        yield


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """A new test: nothing is written yet."""
    global _test
    _test = _Test()


def kept(make: Callable[..., Made]) -> Callable[..., Made]:
    """A fixture of one row of the cast, made once a worker; stands below ``@pytest.fixture``."""

    @functools.wraps(make)
    def fixture(**given: Any) -> Made:
        name = (make.__qualname__, *(found for found in given.values() if callable(found)))
        where = (connection.settings_dict["NAME"], *_test.before, name)
        usual = not _test.strange and clock._fixed.get() is None
        made = _again(where) if usual and where in _kept else _noted(where, make, given, usual)
        _test.before = (*_test.before, name)
        return made

    return fixture


def _twin(row: Any) -> Any:
    """A row of its own with the same values, and twins of the rows that hang on it. (Rows with sealed fields refuse to be copied.)"""
    twin = row.__class__.__new__(row.__class__)
    twin.__dict__ |= {name: copy.copy(value) for name, value in row.__dict__.items()}
    hung = row._state.fields_cache.items()
    twin._state.fields_cache = {name: _twin(value) if isinstance(value, models.Model) else value for name, value in hung}
    return twin


def _again(where: tuple[Any, ...]) -> Any:
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        cursor.execute(_kept[where].statements)
    return _twin(_kept[where].made)


def _noted(where: tuple[Any, ...], make: Callable[..., Made], given: dict[str, Any], usual: bool) -> Made:
    _test.noting = [] if usual else None
    made = make(**given)
    if _test.noting and not _test.strange:
        _kept[where] = _Written(";\n".join(_test.noting), _twin(made))
    _test.noting = None
    _test.strange = _test.strange or not usual
    return made

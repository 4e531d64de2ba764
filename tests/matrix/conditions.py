"""What each rule hangs on. A column that a rule names is changed in every row of its table, and the rule is asked again.

Whose answers change by which change stands in conditions.txt, a line a rule. A condition that was taken out is a word that
is missing there; what no furnished practice has, invented rows have (invented.py).
"""

from __future__ import annotations

import inspect
import os
import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from itertools import product, zip_longest
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import Error, IntegrityError, connection, models, transaction

from audit import asking, clock
from clients.models.team import Codename
from practice.models import User
from practice.roles import Role
from tests.architecture.source import ROOMS
from tests.cast import acting
from tests.superuser import as_superuser

from . import locks
from .invented import SEED, invent
from .things import SIGNED_IN, World

CONDITIONS = Path(__file__).with_name("conditions.txt")
TABLES = re.compile(r'(?:FROM|JOIN) "(\w+)"(?: ([A-Z]\d+))?')
COLUMNS = re.compile(r'"?(\w+)"?\."(\w+)"')
MOMENTS = {"past": "now() - interval '40 years'", "future": "now() + interval '40 years'"}
CHANGES: dict[str, dict[str, str]] = {
    "timestamp with time zone": MOMENTS,
    "date": MOMENTS,
    "boolean": {"yes": "true", "no": "false"},
    "uuid": {"other": "gen_random_uuid()"},
    "bigint": {"other": "1000003"},
    "integer": {"few": "0", "many": "1000003"},
    "smallint": {"few": "0", "many": "10003"},
    "character varying": {"empty": "''", "other": "'zz'"},
    "text": {"empty": "''", "other": "'zz'"},
    "jsonb": {"empty": "'[]'"},
}
ROLES = ("practice_user", "roles")  # a rule may ask a person for these without a word to the database
FEW = 1  # people by whose roles a rule is tried, for it is put together anew each time
TRIED = 60  # ways to ask a rule, of which some find something
ENOUGH = 8  # of these, by which its conditions are tried

Keys = dict[Any, list[Any]]  # of each model, what may be given


@dataclass(frozen=True)
class Change:
    """One column of a table, set to something else in all rows."""

    table: str
    column: str
    word: str
    value: str

    def __str__(self) -> str:
        return f"{self.table}.{self.column}:{self.word}"


@dataclass
class Asked:
    """A rule with what it is asked, and what it answered while nothing was changed."""

    name: str
    rule: Callable[..., Any]
    who: Any
    given: tuple[Any, ...]
    answer: Any = None
    statement: tuple[str, Any] | None = None  # where it is one question to the database, and all else was known before


@cache
def _models() -> dict[str, type[models.Model]]:
    return {model.__name__: model for model in apps.get_models()}


def _rules() -> Iterator[tuple[str, Callable[..., Any]]]:
    for room in ROOMS:
        try:
            access = import_module(f"{room}.access")
        except ModuleNotFoundError:
            continue
        for name, rule in inspect.getmembers(access, inspect.isfunction):
            if rule.__module__ == access.__name__ and not name.startswith("_") and not (locks.only and name not in locks.only):
                yield f"{room}.{name}", rule


def _choices(world: World, keys: Keys, rule: Callable[..., Any]) -> list[list[Any]] | None:
    """For each thing that ``rule`` must be given, all that there is of its kind; None where the world has no such kind."""
    found = []
    for name, each in inspect.signature(rule).parameters.items():
        kind = str(each.annotation).removesuffix(" | None")
        if each.default is not each.empty and name != "by":
            continue
        choices = _of_kind(world, keys, rule, name, kind)
        if choices is None:
            return None
        found.append(choices)
    return found


def _of_kind(world: World, keys: Keys, rule: Callable[..., Any], name: str, kind: str) -> list[Any] | None:
    """What there is to be given as ``name``: people, rows, lists of rows or of their keys, and values that stand in what is found."""
    rows = re.fullmatch(r"(?:QuerySet|Collection|list)\[(\w+)\]", kind)
    if name in ("user", "by", "people") and kind in ("Any", "User", "list[Any]"):
        people = [world.users[who] for who in SIGNED_IN]
        return [people] if kind == "list[Any]" else people
    if kind in _models() or (kind == "Any" and name.capitalize() in _models()):
        model = _models()[kind if kind in _models() else name.capitalize()]
        rows = model._base_manager.in_bulk(keys[model])
        return [rows[key] for key in keys[model]]
    if kind == "Rule":
        return [import_module("clients.access").counseled_clients]
    if rows and rows[1] == "UUID":
        return [keys[_models()["Client"]]]
    if rows and rows[1] == "Codename":
        return [[each] for each in Codename]
    if rows and rows[1] in _models():
        return [_models()[rows[1]]._base_manager.all()]
    return _column(keys, rule, name) or ([clock.today()] if kind == "datetime.date" else None)


def _column(keys: Keys, rule: Callable[..., Any], name: str) -> list[Any] | None:
    """Values of the column of this name in what ``rule`` finds: the address behind a link is one."""
    model = _models().get(str(rule.__annotations__["return"]).removeprefix("QuerySet[").removesuffix("]"))
    if model is None or name not in {field.name for field in model._meta.fields}:
        return None
    return [value for value in model._base_manager.filter(pk__in=keys[model]).order_by("pk").values_list(name, flat=True) if value]


def _asked(world: World, keys: Keys) -> list[Asked]:
    found = []
    for name, rule in _rules():
        choices = _choices(world, keys, rule)
        names = [name for name, each in inspect.signature(rule).parameters.items() if each.default is each.empty or name == "by"]
        ways = list(product(*choices)) if choices is not None else []
        for given in random.Random(SEED).sample(ways, min(len(ways), TRIED)):
            who = next((each for each in given if isinstance(each, User)), world.users["ada"])
            found.append(Asked(name, partial(_by_name, rule, names), who, given))
    return found


def _by_name(rule: Callable[..., Any], names: list[str], *given: Any) -> Any:
    return rule(**dict(zip(names, given, strict=True)))


def _keys(rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """The rows by their keys, and what is told beside each."""
    return rows.order_by().values_list("pk", *rows.query.annotations)


def _plain(answer: Any) -> Any:
    """An answer as what can be compared: keys of rows, in no order."""
    if isinstance(answer, models.QuerySet):
        return frozenset(map(str, _keys(answer)))
    if isinstance(answer, models.Model):
        return answer.pk
    if isinstance(answer, (list, set, tuple)):
        return frozenset(map(_plain, answer))
    if isinstance(answer, dict):
        return frozenset((_plain(key), _plain(value)) for key, value in answer.items())
    return answer if answer is None or isinstance(answer, (bool, int, str)) else type(answer).__name__


def _answer(asked: Asked, changed: str = "") -> Any:
    """What the rule says now; of what it is given, that which was changed is read anew."""
    given = [_again(each) if _is_of(each, changed) else each for each in asked.given]
    try:
        with acting(asked.who), transaction.atomic():
            return _plain(asked.rule(*given))
    except Exception as error:  # a rule may refuse what makes no sense; that it does is its answer
        return type(error).__name__


def _is_of(thing: Any, table: str) -> bool:
    return isinstance(thing, models.Model) and thing._meta.db_table == table


def _quick_answer(asked: Asked, cursor: Any, changed: str) -> Any:
    if asked.statement is None or any(_is_of(each, changed) for each in asked.given):
        return _answer(asked, changed)
    try:
        with transaction.atomic():
            cursor.execute(*asked.statement)
            return frozenset(map(str, cursor.fetchall()))
    except Error as error:
        return type(error).__name__


def _kept(asked: Asked) -> tuple[str, Any] | None:
    """The rule's one statement, if it put no other question on the way to it."""
    with acting(asked.who), _read() as named:
        try:
            with transaction.atomic():
                rows = asked.rule(*asked.given)
            plain = not named and isinstance(rows, models.QuerySet) and not rows.query.is_sliced
            return _keys(rows).query.get_compiler(using="default").as_sql() if plain else None
        except Exception:  # told by its answer; or there is nothing that it could find
            return None


def _again(row: models.Model) -> models.Model:
    return type(row)._base_manager.filter(pk=row.pk).first() or row


@contextmanager
def _read() -> Iterator[set[tuple[str, str]]]:
    """Which (table, column) are named in the statements that are run inside."""
    found: set[tuple[str, str]] = set()

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        tables: dict[str, set[str]] = {}  # a name of a table may be given again in the next bracket
        for table, alias in TABLES.findall(sql):
            tables.setdefault(alias or table, set()).add(table)
        found.update((table, column) for alias, column in COLUMNS.findall(sql) for table in tables.get(alias, ()))
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield found


def _finding(world: World, keys: Keys, cursor: Any) -> tuple[list[Asked], dict[tuple[str, str], list[Asked]]]:
    """Who finds something by which rule, and by the columns that it names; where nobody does, who might with a change."""
    by_rule: dict[str, list[tuple[Asked, set[tuple[str, str]]]]] = {}
    for asked in _asked(world, keys):
        asking._kept.clear()  # so that each statement is put together anew, and its columns are seen
        with _read() as named:
            asked.answer = _answer(asked)
        by_rule.setdefault(asked.name, []).append((asked, named))
    every: list[Asked] = []
    by_column: dict[tuple[str, str], list[Asked]] = {}
    for found in by_rule.values():
        for number, (asked, named) in enumerate(_telling(found)):
            asked.statement = _kept(asked)
            asked.answer = _quick_answer(asked, cursor, "") if asked.statement else asked.answer
            every.append(asked)
            for column in named | ({ROLES} if number < FEW and asked.given and isinstance(asked.given[0], User) else set()):
                by_column.setdefault(column, []).append(asked)
    return every, by_column


def _telling(found: list[tuple[Asked, Any]]) -> list[tuple[Asked, Any]]:
    """Of the ways to ask a rule, some by which something is found, each something else before any twice; else some of all."""
    by_answer: dict[Any, list[tuple[Asked, Any]]] = {}
    for each in found:
        by_answer.setdefault(each[0].answer if each[0].answer else "", []).append(each)
    nothing = by_answer.pop("", [])
    rounds = zip_longest(*by_answer.values()) if by_answer else [nothing[:: len(nothing) // ENOUGH + 1]]
    return [each for one in rounds for each in one if each][:ENOUGH]


def _changes(columns: Any) -> Iterator[Change]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns "
            "WHERE table_schema = 'public' AND is_identity = 'NO' AND is_generated = 'NEVER'"
        )
        kinds = {(table, column): (kind, nullable == "YES") for table, column, kind, nullable in cursor.fetchall()}
    for table, column in sorted(set(columns) & set(kinds)):
        if column == "id" and table != "practice_user":
            continue  # what is found is told by this
        kind, nullable = kinds[table, column]
        values = _special(table, column) or CHANGES.get(kind, {})
        for word, value in (values | ({"none": "NULL"} if nullable else {})).items():
            yield Change(table, column, word, value)


def _special(table: str, column: str) -> dict[str, str]:
    """Values that mean something: the choices of a field, each role alone, each kind of grant."""
    if column == "roles":
        return {role.value: f"ARRAY['{role.value}']" for role in Role} | {"empty": "'{}'"}
    if column == "permission_id":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT DISTINCT codename, p.id FROM {table} JOIN auth_permission p ON p.id = permission_id ORDER BY codename")
            return {codename: str(key) for codename, key in cursor.fetchall()}
    model_of = {model._meta.db_table: model for model in apps.get_models()}
    field = next((each for each in model_of[table]._meta.concrete_fields if each.column == column), None) if table in model_of else None
    choices = [value for value, _ in (field.flatchoices if field else [])]
    return {str(value): f"'{value}'" for value in choices if isinstance(value, str)} if len(choices) < 16 else {}


def hanging(world: World) -> dict[str, str]:
    """For each rule by which anybody finds anything, the changes that change what it answers: ``table.column:change,change``."""
    with as_superuser(), connection.cursor() as cursor:
        every, by_column = _finding(world, invent(world, cursor), cursor)
        found: dict[str, set[Change]] = {asked.name: set() for asked in every}
        for change in _changes(by_column):
            _ask_after(change, by_column[change.table, change.column], found)
    return {name: _in_words(changes) for name, changes in found.items()}


def _in_words(changes: set[Change]) -> str:
    by_column: dict[str, list[str]] = {}
    for change in sorted(changes, key=str):
        by_column.setdefault(f"{change.table}.{change.column}", []).append(change.word)
    return " ".join(f"{column}:{','.join(words)}" for column, words in by_column.items())


def differing(world: World) -> list[str]:
    """The lines of conditions.txt that are not so. WRITE=conditions puts what is so in their place."""
    found = hanging(world)
    if os.environ.get("WRITE") == "conditions":
        head = [line for line in CONDITIONS.read_text().splitlines() if line.startswith("#")]
        CONDITIONS.write_text("\n".join([*head, *(f"{name} | {words}" for name, words in sorted(found.items()))]) + "\n")
    kept = _kept_lines()
    return [f"{name} | {found.get(name)}" for name in sorted({*found, *kept}) if found.get(name) != kept.get(name)]


def _kept_lines() -> dict[str, str]:
    """conditions.txt by rule; where a proof asks about a few rules alone, of these."""
    told = (line.partition(" | ") for line in CONDITIONS.read_text().splitlines() if line and not line.startswith("#"))
    return {name: words for name, _, words in told if not locks.only or name.partition(".")[2] in locks.only}


def _ask_after(change: Change, asked: list[Asked], found: dict[str, set[Change]]) -> None:
    with suppress(IntegrityError), transaction.atomic(), connection.cursor() as cursor:  # a key of its own stays as it is
        cursor.execute(f'UPDATE {change.table} SET "{change.column}" = {change.value}')
        for each in asked:
            if change not in found[each.name] and _quick_answer(each, cursor, change.table) != each.answer:
                found[each.name].add(change)
        transaction.set_rollback(True)

"""Rows that nobody would write, in every table that rules look at: what a rule leaves out must be there to be left out.

They point at people and clients of the furnished practice and at one another, with moments past and to come, each choice of a field, and
nothing where nothing is allowed, by a seed. Nothing is sealed in them that could be opened. Only tests/matrix/conditions.py uses them, as
the server's superuser with every constraint waived, and they are taken back.
"""

from __future__ import annotations

import datetime
import random
import uuid
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import models
from psycopg2.extras import Json

from audit import clock
from clients.models import Client
from practice.models import User

from .things import SIGNED_IN, World

MANY = 8  # rows of a table
SEED = 20261122
AS_THEY_ARE = (
    "account_",
    "audit_",
    "auth_",
    "django_",
    "guardian_",
    "mfa_",
    "vault_",
    "practice_user",
    "practice_session",
    "practice_profile",
)
DAYS = (-4000, -400, -24, 24, 400, 4000)  # none so near that a zone, a weekend or a month could turn it

Make = Callable[[random.Random, Any], Any]


def _moment(chance: random.Random, field: models.Field[Any, Any]) -> datetime.datetime:
    return clock.now() + datetime.timedelta(days=chance.choice(DAYS))


def _words(chance: random.Random, field: models.Field[Any, Any]) -> str:
    return chance.choice(["", "zz", "en"])[: field.max_length]


VALUES: dict[str, Make] = {
    "UUIDField": lambda chance, field: uuid.UUID(int=chance.getrandbits(128)),
    "DateTimeField": _moment,
    "DateField": lambda chance, field: _moment(chance, field).date(),
    "TimeField": lambda chance, field: datetime.time(10),
    "DurationField": lambda chance, field: datetime.timedelta(days=chance.choice(DAYS)),
    "BooleanField": lambda chance, field: chance.random() < 0.5,
    "CharField": _words,
    "TextField": _words,
    "BinaryField": lambda chance, field: chance.randbytes(32),
    "JSONField": lambda chance, field: Json([]),
    "GenericIPAddressField": lambda chance, field: "127.0.0.1",
    "FloatField": lambda chance, field: chance.random(),
    "DecimalField": lambda chance, field: chance.choice([0, 1]),
}


def invent(world: World, cursor: Any) -> dict[Any, list[Any]]:
    """Write them; the keys of what may be given or pointed at, in an order that is the same each time. ``cursor`` is a superuser's, with
    every constraint waived."""
    chance = random.Random(SEED)
    tables = [model for model in apps.get_models(include_auto_created=True) if _is_filled(model)]
    keys: dict[Any, list[Any]] = {
        model: [uuid.UUID(int=chance.getrandbits(128)) for _ in range(MANY)] if _has_uuid(model) and _is_filled(model) else _there(model)
        for model in apps.get_models(include_auto_created=True)
    }
    new = {model: [*keys[model]] for model in tables if _has_uuid(model)}
    keys[User] = [world.users[who].pk for who in SIGNED_IN]
    keys[Client] = [world.house.cleo.pk] * (MANY - 3) + new[Client][:3]
    for model in tables:
        for number in range(MANY):
            row = {field.column: _value(chance, field, keys, number) for field in _columns(model)}
            row |= {model._meta.pk.column: new[model][number]} if model in new else {}
            names, places = ", ".join(f'"{name}"' for name in row), ", ".join(["%s"] * len(row))
            cursor.execute(f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({places}) ON CONFLICT DO NOTHING", list(row.values()))
    return keys | {Client: [*new[Client], world.house.cleo.pk, world.house.bruno.pk]}


def _there(model: Any) -> list[Any]:
    return [*model._base_manager.order_by("pk").values_list("pk", flat=True)]


def _is_filled(model: type[models.Model]) -> bool:
    return model._meta.managed and not model._meta.db_table.startswith(AS_THEY_ARE) and model is not User


def _has_uuid(model: type[models.Model]) -> bool:
    return model._meta.pk.get_internal_type() == "UUIDField"


def _columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [field for field in model._meta.concrete_fields if not (field.primary_key and "Auto" in field.get_internal_type())]


def _value(chance: random.Random, field: Any, keys: dict[Any, list[Any]], number: int) -> Any:
    if field.null and chance.random() < 0.5:
        return None
    if field.remote_field:
        return _pointed_at(chance, keys.get(field.remote_field.model) or [None], number)
    if field.get_internal_type() == "ArrayField":
        return [_plain(chance, field.base_field)] if chance.random() < 0.7 else []
    return _plain(chance, field)


def _pointed_at(chance: random.Random, choices: list[Any], number: int) -> Any:
    """Mostly the row of the same number, so that what hangs together does: a release, its authorization, its request."""
    return choices[number] if len(choices) == MANY and chance.random() < 0.75 else chance.choice(choices)


def _plain(chance: random.Random, field: Any) -> Any:
    if field.flatchoices:
        return chance.choice(field.flatchoices)[0]
    kind = field.get_internal_type()
    return chance.choice([0, 1, 2]) if "Integer" in kind else VALUES[kind](chance, field)

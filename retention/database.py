"""The functions of the database that this room asks: they count what nobody here may see, and do what nobody may."""

from __future__ import annotations

from typing import Any

from django.db import connection


def asked(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """The rows that ``statement``, a constant, answers."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def told(statement: str, *values: Any) -> Any:
    """The one value that ``statement`` answers."""
    return asked(statement, *values)[0][0]

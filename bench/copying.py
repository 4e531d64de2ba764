"""Rows into the database by COPY, sealed by the product's own fields on the way."""

from __future__ import annotations

import datetime
import io
import json
from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from vault.fields import Sealed

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _cell(value: Any) -> str:
    """One value as COPY's text format has it."""
    if value is None:
        return "\\N"
    if isinstance(value, Sealed):
        value = value.blob
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, list):  # an array of words
        value = "{" + ",".join(json.dumps(word, ensure_ascii=False) for word in value) + "}"
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    return str(value).translate(_ESCAPES)


def _line(row: Model) -> str:
    return "\t".join(_cell(field.pre_save(row, True)) for field in row._meta.concrete_fields)


def copy(cursor: Any, rows: Iterable[Model]) -> None:
    """COPY ``rows`` (of one model) through ``cursor``, whose role must pass row-level security. Runs where a door is open."""
    rows = list(rows)
    if not rows:
        return
    fields = rows[0]._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    text = "\n".join(_line(row) for row in rows) + "\n"
    cursor.copy_expert(f"COPY {rows[0]._meta.db_table} ({columns}) FROM STDIN", io.StringIO(text))

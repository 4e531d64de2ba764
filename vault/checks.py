"""What Django checks before a start: that the ring opens the keys in the database. ``manage.py migrate`` asks first of all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections

from . import rotation
from .models import DataKey

WHAT_NEXT = (
    "Put that master back into MASTER_KEYS, from your copy; the newest stands first. It may be taken out once "
    "'python -m ops manage vault rotate' left nothing on it. docs/operations.md, A new master key."
)


def ring_opens_the_keys(app_configs: Any = None, databases: Sequence[str] | None = None, **options: Any) -> list[CheckMessage]:
    """An error for each master that is missing though it wraps keys, and for each that is not the right one (T06)."""
    if "default" not in (databases or []) or DataKey._meta.db_table not in connections["default"].introspection.table_names():
        return []
    return [Error(words, hint=WHAT_NEXT, id="vault.E001") for words in rotation.troubles()]

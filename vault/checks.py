"""What Django checks before a start: that the ring opens the keys in the database, and that the server's log keeps quiet.

``manage.py migrate`` asks first of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connections
from django.db.migrations.executor import MigrationExecutor

from . import blob, resealing, rotation, serverlog
from .models import DataKey

WHAT_NEXT = (
    "Put that master back into MASTER_KEYS, from your copy; the newest stands first. It may be taken out once "
    "'python -m ops manage vault rotate-master' left nothing on it. docs/operations.md, Keys."
)

LOWER = "Lower VAULT_MINIMUM_VERSION again, run 'python -m ops manage vault rotate-client', which seals anew, then raise it."

QUIETEN = "With these, the server's own log may quote what clients said. Set them in postgresql.conf. docs/operations.md, Server settings."


def ring_opens_the_keys(app_configs: Any = None, databases: Sequence[str] | None = None, **options: Any) -> list[CheckMessage]:
    """An error for each master that is missing though it wraps keys, and for each that is not the right one (T06)."""
    if "default" not in (databases or []) or DataKey._meta.db_table not in connections["default"].introspection.table_names():
        return []
    found: list[CheckMessage] = [Error(words, hint=WHAT_NEXT, id="vault.E001") for words in rotation.troubles()]
    return found + [Error(words, hint=LOWER, id="vault.E002") for words in versions()]


def server_keeps_quiet(app_configs: Any = None, databases: Sequence[str] | None = None, **options: Any) -> list[CheckMessage]:
    """A warning where the database server would write statements or values into its log (T02)."""
    if "default" not in (databases or []):
        return []
    with connections["default"].cursor() as cursor:
        found = serverlog.troubles(cursor)
    return [Warning(f"PostgreSQL: {words}", hint=QUIETEN, id="vault.W001") for words in found]


def refuse_a_wrong_ring() -> None:
    """For a web process that is started by itself: raises ImproperlyConfigured where the ring lacks a master of the keys it sees (T06).

    A database that does not answer yet is no reason to stop: /healthz says so.
    """
    found: list[str] = []
    with suppress(OperationalError):
        found = rotation.troubles()
    if found:
        raise ImproperlyConfigured(" ".join([*found, WHAT_NEXT]))


def versions() -> list[str]:
    """What is wrong with the lowest version that is opened: beyond what is written, or above what still stands somewhere."""
    lowest = settings.VAULT_MINIMUM_VERSION
    if lowest > blob.VERSION:
        return [f"VAULT_MINIMUM_VERSION is {lowest}, and what is sealed today has version {blob.VERSION}: nothing would open."]
    if lowest <= blob.FIRST or _is_to_be_migrated():
        return []  # nothing can be below, and nobody has to look; or the columns to look at are not there yet
    counts = {model._meta.label_lower: resealing.below(model, lowest) for model in resealing.sealed_models()}
    return [f"{count:,} values of {label} are below version {lowest} and would not open." for label, count in counts.items() if count]


def _is_to_be_migrated() -> bool:
    executor = MigrationExecutor(connections["default"])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))

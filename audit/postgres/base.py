"""The name by which Django finds a database backend."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base

from audit import patience


class DatabaseWrapper(base.DatabaseWrapper):
    """As Django's own."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect, or be told at once that it is no use yet."""
        with patience.connecting():
            return super().get_new_connection(conn_params)

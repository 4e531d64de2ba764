"""The vault: what must be tied together once all rooms are loaded."""

from __future__ import annotations

from django.apps import AppConfig
from django.core import checks

from .dumps import keep_out_of_dumps


class VaultConfig(AppConfig):
    """Has each start look whether the ring opens the keys, and what the database server writes into its log; keeps memory off the disk."""

    name = "vault"

    def ready(self) -> None:
        keep_out_of_dumps()
        from .checks import ring_opens_the_keys, server_keeps_quiet  # models exist only now

        checks.register(ring_opens_the_keys, checks.Tags.database)
        checks.register(server_keeps_quiet, checks.Tags.database)

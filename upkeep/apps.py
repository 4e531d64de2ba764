"""The room of upkeep: what must be tied together once all rooms are loaded."""

from __future__ import annotations

from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    """Has the pulse ask for the last backup, and brings a late one to the admins' home."""

    name = "upkeep"

    def ready(self) -> None:
        from practice import attention, health  # models exist only now

        from .pulse import backed_up  # as above
        from .views.attention import QUEUES  # as above

        health.PARTS["backup"] = backed_up
        attention.register(*QUEUES)

"""The room of moving: what must be tied together once all rooms are loaded."""

from __future__ import annotations

from django.apps import AppConfig


class MovingConfig(AppConfig):
    """Brings the queues of this room to home."""

    name = "moving"

    def ready(self) -> None:
        from practice import attention  # models exist only now

        from .views.attention import QUEUES  # as above

        attention.register(*QUEUES)

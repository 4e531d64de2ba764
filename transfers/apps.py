"""The room of transfers: what must be tied together once all rooms are loaded."""

from __future__ import annotations

from django.apps import AppConfig


class TransfersConfig(AppConfig):
    """Brings the queues of this room to home, and lets nobody's account end with clients behind it."""

    name = "transfers"

    def ready(self) -> None:
        from practice import attention  # models exist only now
        from practice.actions import staff  # as above

        from .actions import require_settled  # as above
        from .views.attention import QUEUES  # as above

        if require_settled not in staff.before_leaving:
            staff.before_leaving.append(require_settled)

        attention.register(*QUEUES)

"""The room of messages: what must be tied together once all rooms are loaded."""

from __future__ import annotations

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """Brings the queues of this room to home, and what waits to the portal's first page."""

    name = "messaging"

    def ready(self) -> None:
        from clients import portal  # models exist only now
        from clients.actions import keeping_open  # as above
        from practice import attention  # as above

        from .actions import keeps_open  # as above
        from .portal.threads import MESSAGES  # as above
        from .views.attention import QUEUES  # as above

        if keeps_open not in keeping_open:
            keeping_open.append(keeps_open)
        if MESSAGES not in portal.waiting:
            portal.waiting.append(MESSAGES)
        attention.register(*QUEUES)

"""The room of messages: what must be tied together once all rooms are loaded."""

from __future__ import annotations

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """Brings the queues of this room to home, what waits to the portal's first page, and stops what is due to a way that closes."""

    name = "messaging"

    def ready(self) -> None:
        from clients import portal  # models exist only now
        from clients.actions import keeping_open, safety  # as above
        from practice import attention  # as above
        from practice.views import outbox  # as above

        from .actions import keeps_open, stop_what_closed  # as above
        from .portal.threads import MESSAGES  # as above
        from .views.attention import QUEUES  # as above
        from .views.noticing import QUEUES as notices  # as above
        from .views.noticing import refused_rows  # as above

        if keeps_open not in keeping_open:
            keeping_open.append(keeps_open)
        if MESSAGES not in portal.waiting:
            portal.waiting.append(MESSAGES)
        if stop_what_closed not in safety.closing:
            safety.closing.append(stop_what_closed)
        if refused_rows not in outbox.refusals:
            outbox.refusals.append(refused_rows)
        attention.register(*QUEUES, *notices)

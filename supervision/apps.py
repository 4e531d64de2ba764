"""The room of supervision: what must be tied together once all rooms are loaded."""

from __future__ import annotations

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    """Brings the queues of this room to home, and ends an agreement with its supervision."""

    name = "supervision"

    def ready(self) -> None:
        from practice import attention  # models exist only now
        from practice.actions import supervision  # as above

        from .actions.agreements import close_with  # as above
        from .views.attention import QUEUES  # as above

        if close_with not in supervision.followers:
            supervision.followers.append(close_with)

        attention.register(*QUEUES)

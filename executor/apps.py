"""The room of the professional executor: what must be tied together once all rooms are loaded."""

from __future__ import annotations

from django.apps import AppConfig


class ExecutorConfig(AppConfig):
    """Says who may take on nobody new, brings what waits to home, and its claim."""

    name = "executor"

    def ready(self) -> None:
        from clients.actions import taking_on  # models exist only now
        from practice import attention  # as above
        from review import claims  # as above

        from .actions import require_plan  # as above
        from .standing import CLAIMS  # as above
        from .views.attention import QUEUES  # as above

        attention.register(*QUEUES)
        claims.register(*CLAIMS)
        if require_plan not in taking_on:
            taking_on.append(require_plan)

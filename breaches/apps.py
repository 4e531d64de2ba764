"""The room of breaches: what must be tied together once all rooms are loaded."""

from __future__ import annotations

from django.apps import AppConfig


class BreachesConfig(AppConfig):
    """Brings the queues of this room to home."""

    name = "breaches"

    def ready(self) -> None:
        from practice import attention  # models exist only now
        from supervision import serving  # as above

        from .consulting import SERVED  # as above
        from .views.attention import QUEUES  # as above

        attention.register(*QUEUES)
        serving.register(*SERVED)

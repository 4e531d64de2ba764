"""The room of breaches: what must be tied together once all rooms are loaded."""

from __future__ import annotations

from django.apps import AppConfig


class BreachesConfig(AppConfig):
    """Brings the queues of this room to home, and says whose keys are needed until an incident is over."""

    name = "breaches"

    def ready(self) -> None:
        from clients import shredding  # models exist only now
        from practice import attention  # as above
        from supervision import serving  # as above

        from .consulting import SERVED  # as above
        from .shredding import still_told  # as above
        from .views.attention import QUEUES  # as above

        if still_told not in shredding.hindrances:
            shredding.hindrances.append(still_told)
        attention.register(*QUEUES)
        serving.register(*SERVED)

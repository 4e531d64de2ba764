"""The room of breaches: what must be tied together once all rooms are loaded."""

from __future__ import annotations

from django.apps import AppConfig


class BreachesConfig(AppConfig):
    """Brings the queues of this room to home, and hears of what went astray."""

    name = "breaches"

    def ready(self) -> None:
        from messaging.actions import log  # models exist only now
        from paper.actions import losing  # as above
        from practice import attention  # as above
        from supervision import serving  # as above

        from .actions import went_astray  # as above
        from .actions.escalated import incident_of_lost_paper  # as above
        from .consulting import SERVED  # as above
        from .views.attention import QUEUES  # as above

        if went_astray not in log.crossed:
            log.crossed.append(went_astray)
        if incident_of_lost_paper not in losing:
            losing.append(incident_of_lost_paper)
        attention.register(*QUEUES)
        serving.register(*SERVED)

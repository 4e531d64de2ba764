"""The room of safeguards: what must be tied together once all rooms are loaded."""

from __future__ import annotations

from django.apps import AppConfig


class SafeguardsConfig(AppConfig):
    """Brings its queues to home and its answers to the claims, and says who may be given a record and how an incident may end."""

    name = "safeguards"

    def ready(self) -> None:
        from breaches.actions.closing import ENDINGS  # models exist only now
        from clients.actions.team import admitting  # as above
        from practice import attention  # as above
        from review import claims  # as above
        from review.schedule import subjects  # as above

        from .actions import require_sanction, require_trained  # as above
        from .standing import CLAIMS, users_of_devices  # as above
        from .views.attention import QUEUES  # as above

        attention.register(*QUEUES)
        claims.register(*CLAIMS)
        subjects["devices"] = users_of_devices
        if require_trained not in admitting:
            admitting.append(require_trained)
        if require_sanction not in ENDINGS:
            ENDINGS.append(require_sanction)

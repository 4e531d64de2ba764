"""The room of review: what must be tied together once all rooms are loaded."""

from __future__ import annotations

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Brings the queues of this room to home, and says whose work the reviews look at."""

    name = "review"

    def ready(self) -> None:
        from practice import attention  # models exist only now

        from .access import working  # as above
        from .schedule import subjects  # as above
        from .views.attention import QUEUES  # as above

        attention.register(*QUEUES)
        subjects["staff"] = working

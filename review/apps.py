"""The room of review: what must be tied together once all rooms are loaded."""

from __future__ import annotations

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Brings the queues of this room to home, and says whose work the reviews look at and what can be claimed."""

    name = "review"

    def ready(self) -> None:
        from practice import attention  # models exist only now

        from . import claims  # as above
        from .access import working  # as above
        from .claims import database, looked, people  # as above
        from .schedule import subjects  # as above
        from .views.attention import QUEUES  # as above

        attention.register(*QUEUES)
        claims.register(*database.CLAIMS, *people.CLAIMS, *looked.CLAIMS)
        subjects["staff"] = working

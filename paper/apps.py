"""The room of paper: what must be tied together once all rooms are loaded."""

from __future__ import annotations

from django.apps import AppConfig


class PaperConfig(AppConfig):
    """Brings the queues of this room to home, its line to a client's page, its claim, and who has keys to the review (REV-12)."""

    name = "paper"

    def ready(self) -> None:
        from clients.views.person import beside  # models exist only now
        from practice import attention  # as above
        from review import claims  # as above
        from review.schedule import subjects  # as above

        from .standing import CLAIMS, holders, where  # as above
        from .views.attention import QUEUES  # as above

        attention.register(*QUEUES)
        claims.register(*CLAIMS)
        subjects["keys"] = holders
        if where not in beside:
            beside.append(where)

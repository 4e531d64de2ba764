"""The room of consent: what must be tied together once all rooms are loaded."""

from __future__ import annotations

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    """Brings the queues of this room to home, and asks whoever came of age for a consent of their own (IC-32)."""

    name = "consent"

    def ready(self) -> None:
        from clients import portal  # models exist only now
        from clients.actions import coming_of_age  # as above
        from practice import attention  # as above

        from .actions import ask_the_adult  # as above
        from .portal.reading import PAPERS  # as above
        from .views.home import QUEUES as waiting  # as above
        from .views.questions import QUEUES  # as above

        if ask_the_adult not in coming_of_age.of_age:
            coming_of_age.of_age.append(ask_the_adult)
        if PAPERS not in portal.waiting:
            portal.waiting.append(PAPERS)
        attention.register(*QUEUES, *waiting)

"""The room of consent: what must be tied together once all rooms are loaded."""

from __future__ import annotations

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    """Lets consent follow the age engine, in the transaction of the day."""

    name = "consent"

    def ready(self) -> None:
        from clients.actions import coming_of_age  # models exist only now

        from .actions import ask_the_adult  # as above

        if ask_the_adult not in coming_of_age.of_age:
            coming_of_age.of_age.append(ask_the_adult)

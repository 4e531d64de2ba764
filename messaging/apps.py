"""The room of messages."""

from __future__ import annotations

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """Threads, notices and the contact log."""

    name = "messaging"

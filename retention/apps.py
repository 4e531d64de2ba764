"""The room of holding on and letting go: what must be tied together once all rooms are loaded."""

from __future__ import annotations

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    """Says what keeps a client's keys from being destroyed and a record whole, and brings what waits to home."""

    name = "retention"

    def ready(self) -> None:
        from clients import shredding  # models exist only now
        from practice import attention  # as above
        from records import keeping  # as above

        from .blocks import require_free  # as above
        from .payers import asked  # as above
        from .views.attention import QUEUES  # as above

        if require_free not in shredding.holding:
            shredding.holding.append(require_free)
        if asked not in keeping.more:
            keeping.more.append(asked)
        attention.register(*QUEUES)

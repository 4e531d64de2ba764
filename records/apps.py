"""The room of the record: what must be tied together once all rooms are loaded."""

from __future__ import annotations

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Brings the queues of this room to home, and says what keeps a record from being put away."""

    name = "records"

    def ready(self) -> None:
        from clients.actions import coming, keeping_open  # models exist only now
        from practice import attention  # as above
        from review import claims  # as above

        from .access import may_have_come  # as above
        from .actions import keeps_open  # as above
        from .claims import CLAIMS  # as above
        from .views.attention import QUEUES  # as above

        if keeps_open not in keeping_open:
            keeping_open.append(keeps_open)
        if may_have_come not in coming:
            coming.append(may_have_come)
        claims.register(*CLAIMS)
        attention.register(*QUEUES)

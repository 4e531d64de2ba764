"""The room of the practice: what must be tied together once all rooms are loaded."""

from __future__ import annotations

from django.apps import AppConfig


class PracticeConfig(AppConfig):
    """Has the admins told of the trail's seals."""

    name = "practice"

    def ready(self) -> None:
        from audit import keeping  # models exist only now

        from .witness import mail_alarm, mail_checkpoint  # as above

        if mail_checkpoint not in keeping.checkpoints:
            keeping.checkpoints.append(mail_checkpoint)
        if mail_alarm not in keeping.alarms:
            keeping.alarms.append(mail_alarm)

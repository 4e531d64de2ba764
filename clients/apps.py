"""The room of the person: what must be tied together once all rooms are loaded."""

from __future__ import annotations

from django.apps import AppConfig


class ClientsConfig(AppConfig):
    """Lets care teams follow the supervision relation and the staff, in the transaction that changes either."""

    name = "clients"

    def ready(self) -> None:
        from practice import attention, errors  # models exist only now
        from practice.actions import invitations, staff, supervision  # models exist only now

        from .actions import follow_supervision, give_back, lay_down  # as above
        from .views.attention import QUEUES  # as above
        from .views.emergency import way_on  # as above

        if follow_supervision not in supervision.followers:
            supervision.followers.append(follow_supervision)
        if give_back not in invitations.returning:
            invitations.returning.append(give_back)
        if lay_down not in staff.laying_down:
            staff.laying_down.append(lay_down)
        if way_on not in errors.ways_on:
            errors.ways_on.append(way_on)
        attention.register(*QUEUES)

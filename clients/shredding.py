"""Nothing is taken out of a record that is held; a whole record goes by two persons alone (retention/)."""

from __future__ import annotations

from collections.abc import Callable

from .models import Client

# Raise Refused where nothing may be taken out of a record, such as one on hold (RET-22). Rooms to the right add theirs.
holding: list[Callable[[Client], None]] = []


def require_free(client: Client) -> None:
    """Nothing is taken out of the record of ``client`` while it is held. Raises Refused."""
    for asks in holding:
        asks(client)

"""What a client is called on a page: by name, or by code where others may see the screen."""

from __future__ import annotations

from audit.doors import shown
from practice import open_room

from .models import Client


def called(client: Client) -> str:
    """The name to show of ``client``; in an open room the code, and the name is not even opened. The trail tells who was shown."""
    if not open_room.is_on():
        return client.name
    shown([client])
    return client.code


def hushed(text: str, instead: str) -> str:
    """``text``, or in an open room the words ``instead``: a mother's name or a mail address says whose they are."""
    return instead if open_room.is_on() else text

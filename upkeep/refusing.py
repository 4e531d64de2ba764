"""Why something was not done, in words for the person at the machine. Nothing of a client is in them."""

from __future__ import annotations


class NotSetUp(Exception):
    """No key to seal backups to."""

    def __init__(self) -> None:
        super().__init__("No backup is made yet: there is no key to seal it to. manage.py backup --new-key FILE makes one.")


class CannotBackUp(Exception):
    """Why no backup was made."""


class CannotRestore(Exception):
    """Why nothing was put back."""

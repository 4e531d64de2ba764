"""The verbs of the room, one file per noun. Each leaves its line in the transaction of its change."""

from .holds import place, release

__all__ = ["place", "release"]

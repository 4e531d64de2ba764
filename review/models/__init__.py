"""The tables of the room, one file per noun."""

from .asked import LineAnswer, LineQuestion

__all__ = ["LineAnswer", "LineQuestion"]

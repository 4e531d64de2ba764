"""The tables of the room, one file per noun."""

from .asked import LineAnswer, LineQuestion
from .findings import Decision, Month, Position, Reply, Signal

__all__ = ["Decision", "LineAnswer", "LineQuestion", "Month", "Position", "Reply", "Signal"]

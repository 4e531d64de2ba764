"""The tables of the room, one file per noun."""

from .asked import LineAnswer, LineQuestion
from .findings import Decision, Month, Position, Reply, Signal
from .grants import GrantCheck

__all__ = ["Decision", "GrantCheck", "LineAnswer", "LineQuestion", "Month", "Position", "Reply", "Signal"]

"""The tables of the room, one file per noun."""

from .into import Arrival, MoveIn, MoveInFault, MoveInPiece
from .out import MoveOut, MoveOutPart, MoveOutPiece

__all__ = ["Arrival", "MoveIn", "MoveInFault", "MoveInPiece", "MoveOut", "MoveOutPart", "MoveOutPiece"]

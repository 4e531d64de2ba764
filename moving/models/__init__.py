"""The tables of the room, one file per noun."""

from .out import MoveOut, MoveOutPart, MoveOutPiece

__all__ = ["MoveOut", "MoveOutPart", "MoveOutPiece"]

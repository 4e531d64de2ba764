"""The tables of the room, one file per noun."""

from .transfers import COMPARTMENT, Transfer

__all__ = ["COMPARTMENT", "Transfer"]

"""The tables of the room, one file per noun."""

from .holds import COMPARTMENT, Hold

__all__ = ["COMPARTMENT", "Hold"]

"""The tables of the room, one file per noun."""

from .deidentified import COMPARTMENT, DeidentifiedView

__all__ = ["COMPARTMENT", "DeidentifiedView"]

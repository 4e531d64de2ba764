"""The tables of the room, one file per noun."""

from .departures import Departure
from .transfers import COMPARTMENT, Transfer

__all__ = ["COMPARTMENT", "Departure", "Transfer"]

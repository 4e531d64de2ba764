"""The tables of the room, one file per noun."""

from .consultations import Advice, Consultation, Outcome, OutsidePage
from .deidentified import COMPARTMENT, DeidentifiedView

__all__ = ["COMPARTMENT", "Advice", "Consultation", "DeidentifiedView", "Outcome", "OutsidePage"]

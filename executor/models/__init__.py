"""The tables of the room, one file per noun."""

from .activations import Activation
from .cases import COMPARTMENT, Case
from .plans import TEXTS, Acceptance, Part, Plan
from .rehearsals import Rehearsal

__all__ = ["COMPARTMENT", "TEXTS", "Acceptance", "Activation", "Case", "Part", "Plan", "Rehearsal"]

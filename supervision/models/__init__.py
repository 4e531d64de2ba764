"""The tables of the room, one file per noun."""

from .agreements import Agreement
from .consultations import Advice, Consultation, Outcome, OutsidePage
from .deidentified import COMPARTMENT, DeidentifiedView
from .meetings import Meeting, Part, Remark
from .papers import Paper, Signature
from .samples import Sample, Sampled

__all__ = [
    "COMPARTMENT", "Advice", "Agreement", "Consultation", "DeidentifiedView", "Meeting", "Outcome", "OutsidePage", "Paper", "Part",
    "Remark", "Sample", "Sampled", "Signature",
]  # fmt: skip

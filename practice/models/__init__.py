"""The tables of the practice, one file per noun."""

from .outbox import Notice
from .people import Supervision, User
from .profile import Heartbeat, Logo, Ownership, Practice
from .signins import Attempt, FactorReset, Invitation, SignedIn

__all__ = [
    "Attempt",
    "FactorReset",
    "Heartbeat",
    "Invitation",
    "Logo",
    "Notice",
    "Ownership",
    "Practice",
    "SignedIn",
    "Supervision",
    "User",
]

"""The tables of the practice, one file per noun."""

from .outbox import Notice
from .people import Supervision, User
from .profile import Heartbeat, Practice
from .signins import Attempt, FactorReset, Invitation, SignedIn

__all__ = ["Attempt", "FactorReset", "Heartbeat", "Invitation", "Notice", "Practice", "SignedIn", "Supervision", "User"]

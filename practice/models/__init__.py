"""The tables of the practice, one file per noun."""

from .outbox import Notice
from .people import Supervision, User
from .profile import Heartbeat, Logo, Practice
from .signins import Attempt, FactorReset, Invitation, SignedIn

__all__ = ["Attempt", "FactorReset", "Heartbeat", "Invitation", "Logo", "Notice", "Practice", "SignedIn", "Supervision", "User"]

"""The tables about the person, one file per noun."""

from .age import ComingOfAge
from .agreement import UnitAgreement
from .client import UNITS, Client, Member
from .contact import ContactPoint, Representative
from .glass import BreakGlass, GlassReview
from .merge import Merge
from .portal import PortalInvitation, ProxyRefusal
from .search import SearchToken
from .steps import StatusStep
from .team import ClientPermission, Codename, Denial

__all__ = [
    "UNITS",
    "BreakGlass",
    "Client",
    "ClientPermission",
    "Codename",
    "ComingOfAge",
    "ContactPoint",
    "Denial",
    "GlassReview",
    "Member",
    "Merge",
    "PortalInvitation",
    "ProxyRefusal",
    "Representative",
    "SearchToken",
    "StatusStep",
    "UnitAgreement",
]

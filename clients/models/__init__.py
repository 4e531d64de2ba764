"""The tables about the person, one file per noun."""

from .age import ComingOfAge
from .agreement import UnitAgreement
from .client import UNITS, Client, Member
from .contact import ContactPoint, Representative
from .glass import BreakGlass, GlassReview
from .merge import Merge
from .portal import PortalInvitation, ProxyRefusal
from .safety import AddressCode, Channel, Level, Purpose, ReplacedAddress, SafetyProfile, SafeWay
from .search import SearchToken
from .steps import StatusStep
from .team import ClientPermission, Codename, Denial

__all__ = [
    "UNITS",
    "AddressCode",
    "BreakGlass",
    "Channel",
    "Client",
    "ClientPermission",
    "Codename",
    "ComingOfAge",
    "ContactPoint",
    "Denial",
    "GlassReview",
    "Level",
    "Member",
    "Merge",
    "PortalInvitation",
    "ProxyRefusal",
    "Purpose",
    "ReplacedAddress",
    "Representative",
    "SafeWay",
    "SafetyProfile",
    "SearchToken",
    "StatusStep",
    "UnitAgreement",
]

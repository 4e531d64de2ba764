"""The tables of the room, one file per noun."""

from .accounting import COMPARTMENT, EXCLUDED, Basis, Disclosure
from .releases import Package, Release
from .requests import AccountingRequest
from .rights import RightsReply, RightsRequest, RightsReview
from .sendings import Look, Restriction, Sending
from .suspensions import Suspension

__all__ = [
    "COMPARTMENT",
    "EXCLUDED",
    "AccountingRequest",
    "Basis",
    "Disclosure",
    "Look",
    "Package",
    "Release",
    "Restriction",
    "RightsReply",
    "RightsRequest",
    "RightsReview",
    "Sending",
    "Suspension",
]

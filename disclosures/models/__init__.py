"""The tables of the room, one file per noun."""

from .accounting import COMPARTMENT, EXCLUDED, Basis, Disclosure
from .releases import Package, Release
from .requests import AccountingRequest
from .sendings import Look, Restriction, Sending
from .rights import RightsReply, RightsRequest, RightsReview
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
    "Sending",
    "RightsReply",
    "RightsRequest",
    "RightsReview",
    "Suspension",
]

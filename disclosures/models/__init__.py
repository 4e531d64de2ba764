"""The tables of the room, one file per noun."""

from .accounting import COMPARTMENT, EXCLUDED, Basis, Disclosure
from .exceptions import REPORTS, Consult, ExceptionEvent, Report
from .processes import LegalProcess, LegalReply, LegalStep
from .releases import Package, Release
from .requests import AccountingRequest
from .rights import RightsReply, RightsRequest, RightsReview
from .sendings import Look, Restriction, Sending
from .suspensions import Suspension

__all__ = [
    "COMPARTMENT",
    "EXCLUDED",
    "REPORTS",
    "AccountingRequest",
    "Basis",
    "Consult",
    "Disclosure",
    "ExceptionEvent",
    "LegalProcess",
    "LegalReply",
    "LegalStep",
    "Look",
    "Package",
    "Release",
    "Report",
    "Restriction",
    "RightsReply",
    "RightsRequest",
    "RightsReview",
    "Sending",
    "Suspension",
]

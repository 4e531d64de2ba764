"""The tables of the room, one file per noun."""

from .accounting import COMPARTMENT, EXCLUDED, Basis, Disclosure
from .requests import AccountingRequest
from .suspensions import Suspension

__all__ = ["COMPARTMENT", "EXCLUDED", "AccountingRequest", "Basis", "Disclosure", "Suspension"]

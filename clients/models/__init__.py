"""The tables about the person, one file per noun."""

from .client import Client, Member
from .contact import ContactPoint, Representative
from .search import SearchToken
from .steps import StatusStep
from .team import ClientPermission, Codename, Denial

__all__ = [
    "Client", "ClientPermission", "Codename", "ContactPoint", "Denial", "Member", "Representative", "SearchToken", "StatusStep",
]  # fmt: skip

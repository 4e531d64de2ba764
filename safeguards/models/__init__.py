"""The rows of this room, by noun."""

from .devices import Device, DeviceEntry
from .training import Sanction, Training
from .vendors import Agreement, Vendor

__all__ = ["Agreement", "Device", "DeviceEntry", "Sanction", "Training", "Vendor"]

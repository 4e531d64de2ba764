"""The tables of the room, one file per noun."""

from .batches import UNDO_DAYS, Batch, Item
from .certificates import Certificate
from .holds import COMPARTMENT, Hold
from .longer import Longer
from .standing import Snooze, Standing

__all__ = ["COMPARTMENT", "UNDO_DAYS", "Batch", "Certificate", "Hold", "Item", "Longer", "Snooze", "Standing"]

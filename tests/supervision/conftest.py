"""What the tests of this room share."""

from __future__ import annotations

from tests.breaches.conftest import reported
from tests.clients.conftest import ask, lines

__all__ = ["ask", "lines", "reported"]

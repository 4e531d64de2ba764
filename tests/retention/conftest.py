"""What the tests of this room share."""

from __future__ import annotations

from tests.clients.conftest import ask

__all__ = ["ask"]

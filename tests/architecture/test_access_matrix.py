"""docs/access-matrix.md says what the doors say today."""

from __future__ import annotations

import io

from django.core.management import call_command

from audit.management.commands.access_matrix import TARGET

from .routes import routes


def test_the_access_matrix_is_up_to_date() -> None:
    """Out of date? ``python manage.py access_matrix --write``."""
    out = io.StringIO()
    call_command("access_matrix", stdout=out)
    assert TARGET.read_text() == out.getvalue()


def test_every_route_is_in_it_with_a_door() -> None:
    text = TARGET.read_text()
    assert "**none**" not in text
    assert [route.name for route in routes() if f"| {route.name} |" not in text] == []

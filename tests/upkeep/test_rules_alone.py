"""The rules of this room without the policies behind them: which backup is one of today's, and from when on it is late (SE-16)."""

from __future__ import annotations

import datetime

import pytest

from audit import clock
from practice.models import User
from tests.unhidden import asked, unhidden
from upkeep import access
from upkeep.models import Run

__all__ = ["unhidden"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhidden")]

HOUR = datetime.timedelta(hours=1)


@pytest.mark.parametrize(
    ("kind", "outcome", "ago", "late"),
    [
        ("backup", "good", HOUR, False),
        ("backup", "good", 25 * HOUR, True),
        ("backup", "failed", HOUR / 2, True),
        ("backup", "running", HOUR / 2, False),
        ("backup", "running", 2 * HOUR, True),
        ("drill", "good", HOUR / 2, True),
        ("drill", "running", HOUR / 2, True),
    ],
)
def test_se_16_a_backup_that_is_good_or_under_way_is_none_that_is_late(
    ada: User, ana: User, kind: str, outcome: str, ago: datetime.timedelta, late: bool
) -> None:
    assert asked(access.late_backup, ada) == set()  # nobody works here for a day yet
    with clock.at(clock.now() + 25 * HOUR):
        assert len(asked(access.late_backup, ada)) == 1
        at = clock.now() - ago
        row = Run.objects.create(kind=kind, name="set", outcome=outcome, began_at=at, ended_at=None if outcome == "running" else at)
        assert bool(asked(access.late_backup, ada)) == late
        assert asked(access.late_backup, ana) == set()
        assert set(access.good_backups()) == ({row} if (kind, outcome) == ("backup", "good") else set())

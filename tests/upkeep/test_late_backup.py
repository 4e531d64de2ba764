"""A late backup is seen: by the pulse, on the admins' home, and in their mail (SE-16)."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from audit import clock
from practice import health
from practice.models import Notice, User
from tests.cast import person
from tests.committed import as_role, as_worker
from upkeep import access, alarm, nightly
from upkeep.models import Run

DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)


def made(ago: datetime.timedelta, outcome: str = "good") -> None:
    """A backup of that long ago, as the owner wrote it."""
    at = clock.now() - ago
    with as_role("DATABASE_URL_OWNER"):
        Run.objects.create(kind="backup", name="set", outcome=outcome, began_at=at, ended_at=None if outcome == "running" else at)


def is_told(somebody: User) -> bool:
    return access.late_backup(somebody).exists()


def test_se_16_it_is_late_after_a_day_and_no_sooner(own_db: str) -> None:
    ada, ana = person("Ada Novak", "admin"), person("Ana Reyes", "counselor")
    assert health.well("backup")  # nobody works here for a day yet
    with clock.at(clock.now() + DAY + HOUR):
        assert not health.well("backup")
        assert is_told(ada)
        assert not is_told(ana)
        made(2 * HOUR, "failed")
        assert not health.well("backup")
        made(25 * HOUR)
        assert is_told(ada)
        made(HOUR / 2, "running")  # the night's run is under way
        assert health.well("backup")
        made(23 * HOUR)
        assert health.well("backup")
        assert not is_told(ada)


def test_invented_people_need_no_backup(own_db: str, settings: Any) -> None:
    ada = person("Ada Novak", "admin")
    with clock.at(clock.now() + DAY + HOUR):
        assert is_told(ada)
        settings.DEMO = True
        assert not is_told(ada)


def test_se_16_admins_are_mailed_once_a_day_and_the_words_say_nothing(own_db: str) -> None:
    person("Ada Novak", "admin"), person("Ana Reyes", "counselor")
    with as_worker():
        assert not alarm.tell()
        with clock.at(clock.now() + DAY + HOUR):
            assert alarm.tell()
            assert not alarm.tell()
    assert Notice.objects.filter(kind=alarm.KIND).count() == 1
    assert not {"counsel", "client", "record"} & {*alarm.BODY.lower().split()}


def test_the_nights_backup_is_asked_for_once_and_again_when_it_failed(own_db: str, settings: Any, tmp_path: Path) -> None:
    settings.BACKUP_RECIPIENT, settings.BACKUP_ASKED = "age1", tmp_path / "asked"
    tonight = datetime.datetime(2026, 11, 24, 9, 41, tzinfo=datetime.UTC)

    def asks(after: datetime.timedelta) -> bool:
        with clock.at(tonight + after):
            return nightly.ask()

    with as_worker():
        assert asks(0 * HOUR)
        assert settings.BACKUP_ASKED.exists()
    with clock.at(tonight):
        made(0 * HOUR, "failed")
    assert asks(HOUR)
    with clock.at(tonight + HOUR):
        made(0 * HOUR)
    assert [asks(hours * HOUR) for hours in (2, 22, 24)] == [False, False, True]


def test_without_a_key_none_is_asked_for(own_db: str, settings: Any, tmp_path: Path) -> None:
    settings.BACKUP_RECIPIENT, settings.BACKUP_RECIPIENT_KEPT, settings.BACKUP_ASKED = "", tmp_path / "none", tmp_path / "asked"
    assert not nightly.ask()
    assert not settings.BACKUP_ASKED.exists()

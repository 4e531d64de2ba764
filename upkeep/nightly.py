"""The backup of each night: looked for every hour, made once, asked for again in the next hour when it failed.

The worker may not see every row, and is not told the owner's address: it leaves a file, and whoever runs the house makes the backup.
"""

from __future__ import annotations

import datetime

from django.conf import settings

from audit import clock

from . import access, taking

AT = datetime.time(9, 40, tzinfo=datetime.UTC)  # night in North America, after the trail was verified


def is_due() -> bool:
    """Whether no good backup was begun since the last night's hour."""
    now = clock.now().astimezone(datetime.UTC)
    night = datetime.datetime.combine(now.date(), AT)
    last = access.good_backups().first()
    return last is None or last.began_at < (night if night <= now else night - datetime.timedelta(days=1))


def ask() -> bool:
    """Ask for a backup where one is due and there is a key to seal it to; returns whether."""
    if not taking.is_set_up() or not is_due():
        return False
    settings.BACKUP_ASKED.touch(mode=0o600)
    return True

"""The web on a machine whose clock is wrong by SHIFT seconds."""

from __future__ import annotations

import datetime
import os

import time_machine

travel = time_machine.travel(
    datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=float(os.environ["SHIFT"])),
    tick=True,  # the machine's own clock
)
travel.start()

from config.wsgi import application as application  # noqa: E402  (after the clock is wrong)

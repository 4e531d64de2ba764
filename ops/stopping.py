"""Ctrl-C, SIGTERM and a closed terminal all mean the same: stop everything in order."""

import signal
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop(BaseException):
    """Raised where the program stands when it is asked to stop, so that every `finally` on the way runs once."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def listen() -> None:
    """From now on a stop signal raises Stop, once: the stopping itself is not interrupted by impatience."""
    for number in SIGNALS:
        signal.signal(number, _stop)


def _stop(number: int, frame: FrameType | None) -> None:
    for each in SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise Stop(number)

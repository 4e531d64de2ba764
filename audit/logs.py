"""Logs tell what happened to the machine. Whatever could carry a client's words is left out."""

from __future__ import annotations

import json
import logging
import traceback


class Discreet(logging.Filter):
    """Drops what a record carries beside its message, and the values that a database error quotes."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request = None
        return True


class JsonLine(logging.Formatter):
    """One line of JSON; an exception is told by type and place, never by its message."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "from": record.name,
            "said": self._say(record),
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])[-6:]
            line["where"] = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))
        return json.dumps(line)

    def _say(self, record: logging.LogRecord) -> str:
        # Django's own records carry paths, addresses and statements as arguments: their constant part is enough.
        said = record.msg if record.name.startswith("django.") else record.getMessage()
        return str(said).replace("\n", " ")[:500]

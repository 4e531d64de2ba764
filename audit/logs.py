"""Logs tell what happened to the machine. Whatever could carry a client's words is left out."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Iterable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

# Of others' records only these are told word by word: they name parts, jobs and addresses of servers. The rest quote paths, values
# and what an exception says, so the constant part of the record has to do.
PLAIN = ("_granian", "celery.beat", "celery.worker.strategy", "celery.worker.consumer.connection", "celery.apps.worker")

asked: ContextVar[str] = ContextVar("subrosa_request", default="")  # the id of the request, as its lines on the trail carry it


class Discreet(logging.Filter):
    """Drops what a record carries beside its message, and the values that a database error quotes."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request = None
        return True


class JsonLine(logging.Formatter):
    """One line of JSON; an exception is told by type and place, never by its message. ``ours``: packages whose words are our own."""

    def __init__(self, ours: Iterable[str] = ()) -> None:
        super().__init__()
        self.ours = frozenset(ours)

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
            "level": record.levelname,
            "from": record.name,
            "said": self._say(record),
        }
        line |= {"request": asked.get()} if asked.get() else {}
        line |= getattr(record, "told", {}) | _job(record)
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])[-6:]
            line["where"] = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))
        return json.dumps(line)

    def _say(self, record: logging.LogRecord) -> str:
        known = record.name in PLAIN or record.name.partition(".")[0] in self.ours
        said = record.getMessage() if known else record.msg
        return str(said if isinstance(said, str) else type(said).__name__).replace("\n", " ")[:500]


def _job(record: logging.LogRecord) -> dict[str, Any]:
    """Which job a record of Celery's is about, and how long it took: never what it was given or what it raised."""
    data = getattr(record, "data", None)
    if not isinstance(data, dict) or not record.name.startswith("celery."):
        return {}
    took = data.get("runtime")
    return {"job": str(data.get("name", "")), "job_id": str(data.get("id", ""))} | ({"ms": round(took * 1000)} if took else {})

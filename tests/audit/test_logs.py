"""T36: a line of the log says which part, which page and how long; never what somebody said, typed or was called."""

from __future__ import annotations

import datetime
import json
import logging
import time
from collections.abc import Iterator
from typing import Any

import pytest
from celery import shared_task
from django.conf import settings
from django.urls import reverse

from audit.logs import Discreet, JsonLine
from audit.models import Event
from tests.cast import SECRET, SignIn, acting
from tests.committed import House


class Kept(logging.Handler):
    """Keeps what would be written."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.addFilter(Discreet())
        self.setFormatter(JsonLine(settings.ROOMS))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    def told(self, name: str) -> list[dict[str, Any]]:
        return [said for said in map(json.loads, self.lines) if said["from"] == name]


@pytest.fixture
def log() -> Iterator[Kept]:
    kept, root, requests = Kept(), logging.getLogger(), logging.getLogger("audit.requests")
    before = root.level, requests.level
    root.addHandler(kept)
    root.setLevel(logging.DEBUG)
    requests.setLevel(logging.INFO)
    yield kept
    root.removeHandler(kept)
    root.setLevel(before[0])
    requests.setLevel(before[1])


@shared_task(name="tests.a job that fails")
def failing(words: str) -> None:
    raise ValueError(f"cannot take {words}")


def test_t36_a_page_leaves_a_line_with_its_route_and_the_request_of_its_lines_on_the_trail(
    house: House, browser_of: SignIn, log: Kept
) -> None:
    path = reverse("note_detail", args=[house.signed.pk])
    browser_of(house.ana).get(f"{path}?q=Marchetti")
    (line,) = log.told("audit.requests")
    assert (line["method"], line["route"], line["status"]) == ("GET", "note_detail", 200)
    with acting(house.ada):
        assert Event.objects.filter(request_id=line["request"], part="note_detail").exists()
    assert not [word for word in (str(house.signed.pk), path, "Marchetti", SECRET) if word in "".join(log.lines)]


def test_t36_a_page_that_is_not_there_and_a_method_of_ones_own_are_told_without_words(house: House, browser_of: SignIn, log: Kept) -> None:
    browser = browser_of(house.ana)
    browser.get("/clients/Marchetti/")
    browser.generic("MARCHETTI", "/clients/")
    assert [(line["method"], line["route"], line["status"]) for line in log.told("audit.requests")] == [
        ("GET", "", 404),
        ("other", "client_list", 405),
    ]
    assert "archetti" not in "".join(log.lines).lower().replace("marchetti_", "")


def test_t36_a_job_that_fails_is_told_by_name_and_kind_and_not_by_its_words(log: Kept) -> None:
    failing.apply(args=[SECRET], throw=False)
    (line,) = [said for said in log.told("celery.app.trace") if said["level"] == "ERROR"]
    assert (line["job"], line["error"]) == ("tests.a job that fails", "ValueError")
    assert SECRET not in "".join(log.lines)


def test_t36_what_a_library_says_is_told_without_its_values(log: Kept) -> None:
    logging.getLogger("kombu.connection").error("cannot take %s", SECRET)
    logging.getLogger("py.warnings").warning(ValueError(SECRET))
    assert log.told("kombu.connection")[0]["said"] == "cannot take %s"
    assert SECRET not in "".join(log.lines)
    control = logging.Formatter().format(logging.makeLogRecord({"msg": "cannot take %s", "args": (SECRET,)}))
    assert SECRET in control  # the control: a formatter that tells everything


def test_every_line_is_json_in_utc_and_goes_to_one_place(log: Kept) -> None:
    logging.getLogger("audit.requests").info("answered")
    (line,) = log.told("audit.requests")
    assert abs(datetime.datetime.fromisoformat(line["at"].removesuffix("Z") + "+00:00").timestamp() - time.time()) < 60
    assert {"at", "level", "from", "said"} <= line.keys()
    assert list(settings.LOGGING["handlers"]) == settings.LOGGING["root"]["handlers"] == ["console"]
    assert not [name for name, logger in settings.LOGGING["loggers"].items() if logger.get("handlers")]

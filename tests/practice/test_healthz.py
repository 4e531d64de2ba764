"""The pulse: a line for each part, 503 naming the ill one, and nothing else."""

from __future__ import annotations

import datetime
from unittest.mock import patch

import pytest
from django.db import DatabaseError
from django.test import Client as Browser

from audit import clock
from practice import health
from practice.models import Heartbeat

PARTS = ["database", "redis", "worker", "beat", "trail", "seals", "backup"]


@pytest.fixture
def beating(db: None) -> None:
    with patch.object(Heartbeat.objects, "filter") as found:
        found.return_value.exists.return_value = True
        yield


def test_all_well(browser: Browser, beating: None) -> None:
    with patch.dict(health.PARTS, {"redis": lambda: True, "seals": lambda: True, "backup": lambda: True}):
        answer = browser.get("/healthz")
    assert (answer.status_code, answer.text.splitlines()) == (200, [f"{part}: ok" for part in PARTS])


@pytest.mark.parametrize("part", PARTS)
def test_an_ill_part_is_named(browser: Browser, beating: None, part: str) -> None:
    def ill() -> bool:
        raise DatabaseError("host secret.example refused")

    with patch.dict(health.PARTS, dict.fromkeys(PARTS, lambda: True) | {part: ill}):
        answer = browser.get("/healthz")
    assert answer.status_code == 503
    assert answer.text.splitlines() == [f"{name}: {'ill' if name == part else 'ok'}" for name in PARTS]


def test_the_trail_is_ill_without_a_place_for_this_month(db: None) -> None:
    assert health.well("trail")
    with clock.at(clock.now() + datetime.timedelta(days=3000)):
        assert not health.well("trail")


def test_silence_is_illness(db: None) -> None:
    assert not health.well("worker")
    assert not health.well("beat")
    assert not health.well("seals")


def test_it_needs_no_session_and_makes_none(browser: Browser, db: None) -> None:
    browser.get("/healthz")
    assert not browser.cookies

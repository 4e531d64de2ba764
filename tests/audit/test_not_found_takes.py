"""T40, attack 19: how long "there is nothing here" takes tells nobody whether there is something."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.urls import reverse

from audit.middleware import left_of_turn
from clients.models import Client
from practice.models import User
from tests.cast import SignIn


@pytest.mark.parametrize(("took", "left"), [(0.0, 0.0), (0.003, 0.022), (0.024, 0.001), (0.025, 0.0), (0.026, 0.024), (0.101, 0.024)])
def test_whatever_it_took_it_ends_with_a_whole_turn(took: float, left: float) -> None:
    assert left_of_turn(took, 0.025) == pytest.approx(left)


@pytest.fixture
def rests(monkeypatch: pytest.MonkeyPatch, settings: Any) -> list[float]:
    """The rests that were taken, by a clock on which every page takes a second and a third."""
    taken: list[float] = []
    ticks = iter(range(1000))
    monkeypatch.setattr(time, "perf_counter", lambda: next(ticks) / 3)
    monkeypatch.setattr(time, "sleep", taken.append)
    settings.NOT_FOUND_TAKES = 1.0
    return taken


def test_a_strangers_404_rests_and_so_does_a_page_that_is_nowhere(cleo: Client, ben: User, rests: list[float], browser_of: SignIn) -> None:
    browser = browser_of(ben)
    for path in (reverse("client_detail", args=[cleo.pk]), "/nowhere/at/all/"):
        rests.clear()
        assert browser.get(path).status_code == 404
        assert rests == [pytest.approx(1 / 3)]


def test_whoever_may_open_it_waits_for_nothing(cleo: Client, ana: User, rests: list[float], browser_of: SignIn) -> None:
    assert browser_of(ana).get(reverse("client_detail", args=[cleo.pk])).status_code == 200
    assert rests == []
